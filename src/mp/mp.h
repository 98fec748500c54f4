/* SPDX-License-Identifier: MIT */
/* All of the library; lessons may include this or just the parts that they use. */
#ifndef LOCKSTEP_MP_MP_H
#define LOCKSTEP_MP_MP_H

#include "mp/barrier.h"
#include "mp/clock.h"
#include "mp/condition.h"
#include "mp/event.h"
#include "mp/joinable_queue.h"
#include "mp/executor.h"
#include "mp/future.h"
#include "mp/lesson.h"
#include "mp/lock.h"
#include "mp/number.h"
#include "mp/manager.h"
#include "mp/pipe.h"
#include "mp/pool.h"
#include "mp/print.h"
#include "mp/process.h"
#include "mp/queue.h"
#include "mp/random.h"
#include "mp/rlock.h"
#include "mp/semaphore.h"
#include "mp/simple_queue.h"
#include "mp/thread.h"
#include "mp/value.h"

#endif
