// The part of the libsrtp 3 API that the mediasoup worker uses, over libsrtp 2.
//
// Version 3 made the policy opaque, gave every length the type size_t and reads
// and writes separate buffers. Version 2 exposes the policy as a struct and works
// in place. The functions below are C++ overloads: where the worker's call has
// the new signature it lands here, and here the old signature reaches the library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

// Version 2's struct takes another name, so that the worker's `srtp_policy_t` can
// be the opaque pointer of version 3.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

// Codes that version 3 added. Macros rather than constants, because a later
// version 2 may come to declare the same names.
#define srtp_err_status_buffer_small static_cast<srtp_err_status_t>(28)
#define srtp_err_status_cryptex_err static_cast<srtp_err_status_t>(29)

struct srtp3_policy
{
	srtp2_policy_t policy;
	// Master key followed by master salt, as version 2 wants them.
	unsigned char key[SRTP_MAX_KEY_LEN];
};

using srtp_policy_t = srtp3_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	// Value-initialised: version 2 takes zero for "default" in every field.
	*policy = new (std::nothrow) srtp3_policy{};

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	if (!policy)
	{
		return;
	}

	// Through volatile, or the compiler drops a write to memory about to be freed.
	volatile unsigned char* key = policy->key;

	for (size_t i = 0; i < sizeof(policy->key); ++i)
	{
		key[i] = 0;
	}

	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->policy.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const srtp_err_status_t err =
	  srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);

	return err != srtp_err_status_ok
	         ? err
	         : srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile);
}

inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t key_len,
  const uint8_t* salt,
  size_t salt_len,
  const uint8_t* /*mki*/,
  size_t mki_len)
{
	// One key without an identifier is all that WebRTC negotiates.
	if (mki_len != 0 || policy->policy.key || key_len + salt_len > sizeof(policy->key))
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, key_len);
	std::memcpy(policy->key + key_len, salt, salt_len);
	policy->policy.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->policy.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
	policy->policy.window_size = size;

	return srtp_err_status_ok;
}

// Version 2 copies the key while it creates the session: the policy may be
// destroyed right afterwards, as the worker does.
inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	return srtp_create(session, &policy->policy);
}

// Both versions take the SSRC in network byte order; only the name changed.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

// Copies the packet to where the result is wanted and lets `operation` change it
// in place there. `out_len` holds the room on entry, the length on success;
// `growth` is how much longer the packet may become.
template<typename Operation>
inline srtp_err_status_t srtp3_in_place(
  Operation operation, const uint8_t* in, size_t in_len, uint8_t* out, size_t* out_len, size_t growth)
{
	if (in_len > static_cast<size_t>(std::numeric_limits<int>::max()) - growth)
	{
		return srtp_err_status_bad_param;
	}

	if (in_len + growth > *out_len)
	{
		return srtp_err_status_buffer_small;
	}

	if (in != out)
	{
		std::memmove(out, in, in_len);
	}

	int len = static_cast<int>(in_len);

	const srtp_err_status_t err = operation(out, &len);

	if (err == srtp_err_status_ok)
	{
		*out_len = static_cast<size_t>(len);
	}

	return err;
}

// SRTP_MAX_TRAILER_LEN counts a key identifier of up to 128 bytes, which is never
// sent: that leaves ample room for SRTCP's 4 bytes of index as well.
inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtp_len, uint8_t* srtp, size_t* srtp_len, size_t /*mki_index*/)
{
	return srtp3_in_place(
	  [session](uint8_t* data, int* len) { return srtp_protect(session, static_cast<void*>(data), len); },
	  rtp,
	  rtp_len,
	  srtp,
	  srtp_len,
	  SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcp_len, uint8_t* srtcp, size_t* srtcp_len, size_t /*mki_index*/)
{
	return srtp3_in_place(
	  [session](uint8_t* data, int* len)
	  { return srtp_protect_rtcp(session, static_cast<void*>(data), len); },
	  rtcp,
	  rtcp_len,
	  srtcp,
	  srtcp_len,
	  SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtp_len, uint8_t* rtp, size_t* rtp_len)
{
	return srtp3_in_place(
	  [session](uint8_t* data, int* len) { return srtp_unprotect(session, static_cast<void*>(data), len); },
	  srtp,
	  srtp_len,
	  rtp,
	  rtp_len,
	  0);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcp_len, uint8_t* rtcp, size_t* rtcp_len)
{
	return srtp3_in_place(
	  [session](uint8_t* data, int* len)
	  { return srtp_unprotect_rtcp(session, static_cast<void*>(data), len); },
	  srtcp,
	  srtcp_len,
	  rtcp,
	  rtcp_len,
	  0);
}
