// Precompiled for the worker's executable: nearly every source file reads these
// through Logger.hpp, and parsing them takes longer than compiling the rest.
// Only headers that don't depend on what a source file defines before including
// them (MS_CLASS, MS_LOG_DEV_LEVEL) may stand here.
#include "common.hpp"
#include "FBS/message.h"
#include <ankerl/unordered_dense.h>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <deque>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <uv.h>
#include <vector>
