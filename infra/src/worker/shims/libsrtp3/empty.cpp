/* Empty on purpose: see libuv/meson.build. */
