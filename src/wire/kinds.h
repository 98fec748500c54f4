/* SPDX-License-Identifier: MIT */
/*
 * The tables of the wire: what an actor can be, what an object can be, what can happen. A new kind
 * is a new row at the END of its table (numbers are written to recordings) and nothing else; the
 * world and the panes treat a kind that they do not know as "did something".
 *
 * Op names are Python's where Python has one. An operation that waits has an event of its own
 * (the row ending in "wait") when it starts to wait, and the operation's row when it got through.
 *
 * Runs in: both.
 */
#ifndef LOCKSTEP_WIRE_KINDS_H
#define LOCKSTEP_WIRE_KINDS_H

/* The state of an actor, as its slot says (gated) or as its last event implies. */
enum actor_state {
	ACTOR_NONE,      /* the slot is free */
	ACTOR_RUNNING,   /* between two operations, or not yet at its first */
	ACTOR_READY,     /* at the gate, its intent published (gated only) */
	ACTOR_WAITING,   /* tried an operation that cannot proceed; `object` says on what */
	ACTOR_SLEEPING,  /* asleep until its deadline */
	ACTOR_BEGINNING, /* born, parked before its first line (gated only) */
	ACTOR_EXITED,    /* has left; a process is a zombie until it is joined */
};

enum actor_kind { ACTOR_PROCESS, ACTOR_THREAD, ACTOR_HELPER }; /* helper: feeder or handler thread of the library */

/* X(kind, name): below, what `aux` and `value` of EVENT_OBJECT_NEW hold for it */
#define OBJECT_KINDS(X)                                                                            \
	X(OBJECT_NONE,        "object")                                                            \
	X(OBJECT_PROCESS,     "process")   /* aux: the actor's id once started */                  \
	X(OBJECT_THREAD,      "thread")                                                            \
	X(OBJECT_VALUE,       "value")     /* value: initial */                                    \
	X(OBJECT_ARRAY,       "array")     /* aux: length */                                       \
	X(OBJECT_LOCK,        "lock")                                                              \
	X(OBJECT_EVENT,       "event")                                                             \
	X(OBJECT_BARRIER,     "barrier")   /* aux: parties */                                      \
	X(OBJECT_PIPE,        "pipe")      /* one object for both ends; aux: 1 = duplex */          \
	X(OBJECT_QUEUE,       "queue")     /* aux: maxsize, 0 = no bound */                        \
	X(OBJECT_POOL,        "pool")      /* aux: workers */                                      \
	X(OBJECT_RANDOM,      "random")    /* a generator's state; value: seed */                         \
	X(OBJECT_SIMPLE_QUEUE, "simple_queue") \
	X(OBJECT_MANAGER,     "manager") \
	X(OBJECT_DICT,        "dict")      /* aux: the manager that holds it */ \
	X(OBJECT_LIST,        "list")      /* aux: the manager that holds it */ \
	X(OBJECT_NAMESPACE,   "namespace") /* aux: the manager that holds it */ \
	X(OBJECT_RLOCK,       "rlock")                                                             \
	X(OBJECT_SEMAPHORE,   "semaphore") /* value: start; aux: 1 = bounded by it */              \
	X(OBJECT_CONDITION,   "condition") /* aux: its lock's object */

enum object_kind {
#define X(kind, name) kind,
	OBJECT_KINDS(X)
#undef X
	OBJECT_KIND_COUNT
};

/*
 * X(kind, op, state after, timeline mark, words)
 * words: third person, to be followed by the object's name: "withdraw" + "reads" + "balance".
 * After each row: what `value`, `aux` and the text hold.
 */
#define EVENT_KINDS(X)                                                                             \
	X(EVENT_UNKNOWN,         "unknown",            ACTOR_RUNNING,  '?', "does something to")    \
	/* made by the reader, never by an actor */                                                \
	X(EVENT_LOST,            "lost",               ACTOR_RUNNING,  '!', "lost events of")      /* value: how many */ \
	X(EVENT_KILLED,          "process.killed",     ACTOR_EXITED,   'X', "was killed")          /* value: exit code as Python's (-9), aux: 1 = in the middle of writing an event */ \
	X(EVENT_OUTPUT,          "output",             ACTOR_RUNNING,  0,   "printed")             /* text: bytes, made safe; aux: 1 stdout, 2 stderr */ \
	/* objects */                                                                              \
	X(EVENT_OBJECT_NEW,      "object.new",         ACTOR_RUNNING,  0,   "makes")               /* object: the new id; aux: object kind in the low 8 bits, its aux above (see OBJECT_KINDS); value; text: name */ \
	/* processes and threads */                                                                \
	X(EVENT_PROCESS_START,   "process.start",      ACTOR_RUNNING,  's', "starts")              /* value: pid, aux: the child's actor id, text: its name */ \
	X(EVENT_PROCESS_BEGIN,   "process.begin",      ACTOR_RUNNING,  '[', "begins")              /* value: own pid, aux: parent's pid, text: name */ \
	X(EVENT_PROCESS_EXIT,    "process.exit",       ACTOR_EXITED,   ']', "exits")               /* value: exit code */ \
	X(EVENT_PROCESS_WAIT,    "process.wait",       ACTOR_WAITING,  0,   "waits in join for")   /* aux: actor waited for */ \
	X(EVENT_PROCESS_JOIN,    "process.join",       ACTOR_RUNNING,  'j', "has joined")          /* value: exit code, aux: actor joined; FAILED: timed out */ \
	X(EVENT_PROCESS_REAP,    "process.reap",       ACTOR_RUNNING,  0,   "reaps")               /* unasked, by asking how it is or starting another; value: exit code, aux: actor reaped */ \
	X(EVENT_PROCESS_TERMINATE, "process.terminate", ACTOR_RUNNING, 't', "terminates")          /* aux: actor */ \
	X(EVENT_PROCESS_KILL,    "process.kill",       ACTOR_RUNNING,  'k', "kills")               /* aux: actor */ \
	X(EVENT_THREAD_START,    "thread.start",       ACTOR_RUNNING,  's', "starts")              /* aux: the thread's actor id, text: its name */ \
	X(EVENT_THREAD_BEGIN,    "thread.begin",       ACTOR_RUNNING,  '[', "begins")              /* value: tid, aux: 1 = a helper of the library, text: name */ \
	X(EVENT_THREAD_EXIT,     "thread.exit",        ACTOR_EXITED,   ']', "ends")                \
	X(EVENT_THREAD_WAIT,     "thread.wait",        ACTOR_WAITING,  0,   "waits in join for")   /* aux: actor waited for */ \
	X(EVENT_THREAD_JOIN,     "thread.join",        ACTOR_RUNNING,  'j', "has joined")          /* aux: actor joined; FAILED: timed out */ \
	/* time */                                                                                 \
	X(EVENT_SLEEP,           "time.sleep",         ACTOR_SLEEPING, 'z', "sleeps")              /* value: ns asked for */ \
	X(EVENT_WAKE,            "time.wake",          ACTOR_RUNNING,  0,   "wakes up")            \
	/* shared values */                                                                        \
	X(EVENT_VALUE_READ,      "value.read",         ACTOR_RUNNING,  'R', "reads")               /* value: what was read */ \
	X(EVENT_VALUE_WRITE,     "value.write",        ACTOR_RUNNING,  'W', "writes")              /* value: what was written */ \
	X(EVENT_ARRAY_READ,      "array.read",         ACTOR_RUNNING,  'R', "reads")               /* value; aux: index */ \
	X(EVENT_ARRAY_WRITE,     "array.write",        ACTOR_RUNNING,  'W', "writes")              /* value; aux: index */ \
	/* lock */                                                                                 \
	X(EVENT_LOCK_WAIT,       "lock.wait",          ACTOR_WAITING,  0,   "waits for")           \
	X(EVENT_LOCK_ACQUIRE,    "lock.acquire",       ACTOR_RUNNING,  'L', "takes")               /* FAILED: not got (non-blocking or timed out) */ \
	X(EVENT_LOCK_RELEASE,    "lock.release",       ACTOR_RUNNING,  'U', "releases")            /* FAILED: was not held */ \
	/* event (a flag) */                                                                       \
	X(EVENT_EVENT_SET,       "event.set",          ACTOR_RUNNING,  'E', "sets")                \
	X(EVENT_EVENT_CLEAR,     "event.clear",        ACTOR_RUNNING,  'c', "clears")              \
	X(EVENT_EVENT_IS_SET,    "event.is_set",       ACTOR_RUNNING,  'q', "asks about")          /* value: 0 or 1 */ \
	X(EVENT_EVENT_WAIT,      "event.wait",         ACTOR_WAITING,  0,   "waits for")           \
	X(EVENT_EVENT_PASS,      "event.pass",         ACTOR_RUNNING,  'e', "is past")             /* value: 1; FAILED: timed out */ \
	/* barrier */                                                                              \
	X(EVENT_BARRIER_WAIT,    "barrier.wait",       ACTOR_WAITING,  'b', "waits at")            /* value: how many now wait, aux: parties */ \
	X(EVENT_BARRIER_PASS,    "barrier.pass",       ACTOR_RUNNING,  'B', "passes")              /* value: index; FAILED: the barrier is broken */ \
	X(EVENT_BARRIER_ABORT,   "barrier.abort",      ACTOR_RUNNING,  'A', "breaks")              \
	X(EVENT_BARRIER_RESET,   "barrier.reset",      ACTOR_RUNNING,  'r', "resets")              \
	/* pipe; value: bytes, aux: end (0 first, 1 second) that was used, text: the message */     \
	X(EVENT_PIPE_SEND,       "pipe.send",          ACTOR_RUNNING,  '>', "sends into")          \
	X(EVENT_PIPE_SEND_WAIT,  "pipe.send_wait",     ACTOR_WAITING,  0,   "waits for room in")   \
	X(EVENT_PIPE_RECV,       "pipe.recv",          ACTOR_RUNNING,  '<', "receives from")       /* FAILED: end of file */ \
	X(EVENT_PIPE_WAIT,       "pipe.wait",          ACTOR_WAITING,  0,   "waits to receive from") \
	X(EVENT_PIPE_POLL,       "pipe.poll",          ACTOR_RUNNING,  'q', "asks about")          /* value: 0 or 1 */ \
	X(EVENT_PIPE_CLOSE,      "pipe.close",         ACTOR_RUNNING,  'x', "closes")              \
	/* queue; aux: the item's number in this queue, text: the item */                          \
	X(EVENT_QUEUE_PUT,       "queue.put",          ACTOR_RUNNING,  'P', "puts into")           /* FAILED: full */ \
	X(EVENT_QUEUE_PUT_WAIT,  "queue.put_wait",     ACTOR_WAITING,  0,   "waits for a slot in") \
	X(EVENT_QUEUE_FEED,      "queue.feed",         ACTOR_RUNNING,  'f', "moves from buffer to pipe of") /* done by the feeder thread */ \
	X(EVENT_QUEUE_FEED_WAIT, "queue.feed_wait",    ACTOR_WAITING,  0,   "waits for work from") \
	X(EVENT_QUEUE_GET,       "queue.get",          ACTOR_RUNNING,  'G', "gets from")           /* FAILED: empty */ \
	X(EVENT_QUEUE_WAIT,      "queue.wait",         ACTOR_WAITING,  0,   "waits for an item of") \
	X(EVENT_QUEUE_EMPTY,     "queue.empty",        ACTOR_RUNNING,  'q', "asks whether empty:") /* value: 0 or 1 */ \
	X(EVENT_QUEUE_QSIZE,     "queue.qsize",        ACTOR_RUNNING,  'q', "asks the size of")    /* value: slots taken */ \
	X(EVENT_QUEUE_CLOSE,     "queue.close",        ACTOR_RUNNING,  'x', "closes")              \
	X(EVENT_QUEUE_JOIN_THREAD, "queue.join_thread", ACTOR_RUNNING, 'J', "has flushed")         \
	X(EVENT_QUEUE_JOIN_WAIT, "queue.join_wait",    ACTOR_WAITING,  0,   "waits for the feeder of") \
	/* pool; aux: task number */                                                               \
	X(EVENT_POOL_SUBMIT,     "pool.submit",        ACTOR_RUNNING,  'p', "gives a task to")     /* value: items in the chunk, text: arguments */ \
	X(EVENT_POOL_TASK,       "pool.task",          ACTOR_RUNNING,  '{', "takes a task of")     /* by the worker */ \
	X(EVENT_POOL_TASK_WAIT,  "pool.task_wait",     ACTOR_WAITING,  0,   "is idle in")          \
	X(EVENT_POOL_DONE,       "pool.done",          ACTOR_RUNNING,  '}', "finishes a task of")  /* by the worker; text: result; FAILED: it raised */ \
	X(EVENT_POOL_RESULT,     "pool.result",        ACTOR_RUNNING,  'r', "receives a result of") /* in the parent */ \
	X(EVENT_POOL_RESULT_WAIT, "pool.result_wait",  ACTOR_WAITING,  0,   "waits for a result of") /* handler thread, or a caller of get */ \
	X(EVENT_POOL_GET,        "pool.get",           ACTOR_RUNNING,  'G', "has the results of")  /* map, apply or get returned; FAILED: timed out or raised */ \
	X(EVENT_POOL_CLOSE,      "pool.close",         ACTOR_RUNNING,  'x', "closes")              \
	X(EVENT_POOL_TERMINATE,  "pool.terminate",     ACTOR_RUNNING,  't', "terminates")          \
	X(EVENT_POOL_JOIN,       "pool.join",          ACTOR_RUNNING,  'j', "has joined")          /* FAILED: it was still running */ \
	/* other */                                                                                \
	X(EVENT_RANDOM_DRAW,     "random.random",      ACTOR_RUNNING,  'd', "draws from")          /* value: the number (REAL) */ \
	X(EVENT_PRINT,           "print",              ACTOR_RUNNING,  'p', "prints")              /* value: bytes, text: the line */ \
	X(EVENT_RESULT,          "lesson.result",      ACTOR_RUNNING,  '=', "has its result")      /* value: 1 ok; text: verdict */ \
	/* a queue that counts tasks (its object.new has value 1) */ \
	X(EVENT_QUEUE_TASK_DONE, "queue.task_done",    ACTOR_RUNNING,  'D', "has done a task of")  /* FAILED: once too often */ \
	X(EVENT_QUEUE_JOIN,      "queue.join",         ACTOR_RUNNING,  'j', "has joined")          /* all tasks were done */ \
	X(EVENT_QUEUE_TASKS_WAIT, "queue.tasks_wait",  ACTOR_WAITING,  0,   "waits for the tasks of") \
	/* simple queue; aux: the item's number, text: the item */ \
	X(EVENT_SIMPLE_PUT,      "simple_queue.put",   ACTOR_RUNNING,  'P', "puts into") \
	X(EVENT_SIMPLE_PUT_WAIT, "simple_queue.put_wait", ACTOR_WAITING, 0, "waits for room in") \
	X(EVENT_SIMPLE_GET,      "simple_queue.get",   ACTOR_RUNNING,  'G', "gets from")           /* FAILED: end of file */ \
	X(EVENT_SIMPLE_WAIT,     "simple_queue.wait",  ACTOR_WAITING,  0,   "waits for an item of") \
	X(EVENT_SIMPLE_EMPTY,    "simple_queue.empty", ACTOR_RUNNING,  'q', "asks whether empty:") /* value: 0 or 1 */ \
	X(EVENT_SIMPLE_CLOSE,    "simple_queue.close", ACTOR_RUNNING,  'x', "closes") \
	/* manager; a round trip is call, serve (by the server), return; aux: the object in the server, text: what is asked */ \
	X(EVENT_MANAGER_CALL,    "manager.call",       ACTOR_RUNNING,  'C', "asks") \
	X(EVENT_MANAGER_WAIT,    "manager.wait",       ACTOR_WAITING,  0,   "waits for an answer of") \
	X(EVENT_MANAGER_RETURN,  "manager.return",     ACTOR_RUNNING,  'A', "has an answer of")    /* text: the answer; FAILED: it raised, or nobody answered */ \
	X(EVENT_MANAGER_SERVE,   "manager.serve",      ACTOR_RUNNING,  'S', "serves a request to") /* value: the client's actor id */ \
	X(EVENT_MANAGER_SERVE_WAIT, "manager.serve_wait", ACTOR_WAITING, 0, "waits for requests to") \
	X(EVENT_MANAGER_HOLDS,   "manager.holds",      ACTOR_RUNNING,  0,   "now has in")            /* object: the dict, list or namespace; text: all of it */ \
	X(EVENT_MANAGER_SHUTDOWN, "manager.shutdown",  ACTOR_RUNNING,  'x', "shuts down") \
	/* rlock; value: depth after it */                                                         \
	X(EVENT_RLOCK_WAIT,      "rlock.wait",         ACTOR_WAITING,  0,   "waits for")           \
	X(EVENT_RLOCK_ACQUIRE,   "rlock.acquire",      ACTOR_RUNNING,  'L', "takes")               /* FAILED: not got */ \
	X(EVENT_RLOCK_RELEASE,   "rlock.release",      ACTOR_RUNNING,  'U', "releases")            /* FAILED: not its owner */ \
	/* semaphore */                                                                            \
	X(EVENT_SEMAPHORE_WAIT,  "semaphore.wait",     ACTOR_WAITING,  0,   "waits for")           \
	X(EVENT_SEMAPHORE_ACQUIRE, "semaphore.acquire", ACTOR_RUNNING, 'L', "takes one of")        /* FAILED: not got */ \
	X(EVENT_SEMAPHORE_RELEASE, "semaphore.release", ACTOR_RUNNING, 'U', "gives one back to")   /* FAILED: it would go above its bound */ \
	X(EVENT_SEMAPHORE_VALUE, "semaphore.get_value", ACTOR_RUNNING, 'q', "asks the count of")   /* value */ \
	/* condition; its lock tells of being released and taken again by itself */                \
	X(EVENT_CONDITION_WAIT,  "condition.wait",     ACTOR_WAITING,  'w', "sleeps on")           \
	X(EVENT_CONDITION_WOKEN, "condition.woken",    ACTOR_RUNNING,  'v', "is woken by")         /* FAILED: the time was up */ \
	X(EVENT_CONDITION_NOTIFY, "condition.notify",  ACTOR_RUNNING,  'N', "notifies")            /* value: how many at most, -1 all; aux: how many that are */ \
	X(EVENT_CONDITION_NOTIFY_WAIT, "condition.notify_wait", ACTOR_WAITING, 0, "waits for the woken of") /* aux: how many have not said that they woke */ \
	/* pools and executors; object: the pool, aux: the task */ \
	X(EVENT_POOL_CALLBACK,   "pool.callback",      ACTOR_RUNNING,  'c', "calls back for")      /* by the result handler; FAILED: error_callback */ \
	X(EVENT_EXECUTOR_BROKEN, "executor.broken",    ACTOR_RUNNING,  '!', "gives up")            /* a worker died: nothing that was given to it will be done */ \
	X(EVENT_EXECUTOR_SHUTDOWN, "executor.shutdown", ACTOR_RUNNING, 'x', "shuts down")          /* value: 1 = waiting tasks are cancelled */ \
	X(EVENT_FUTURE_WAIT,     "future.wait",        ACTOR_WAITING,  0,   "waits for a future of") /* aux 0: for some of several */ \
	X(EVENT_FUTURE_RESULT,   "future.result",      ACTOR_RUNNING,  'G', "has the result of")   /* FAILED: timed out, raised or cancelled */ \
	X(EVENT_FUTURE_CANCEL,   "future.cancel",      ACTOR_RUNNING,  'C', "cancels")             /* FAILED: it is running or done */ \
	X(EVENT_FUTURE_ASK,      "future.ask",         ACTOR_RUNNING,  'q', "asks about")          /* done(), running(), cancelled(); value: 0 or 1 */ \
	X(EVENT_FUTURE_CALLBACK, "future.callback",    ACTOR_RUNNING,  'c', "calls back for")      /* add_done_callback() */

enum event_kind {
#define X(kind, op, after, mark, words) kind,
	EVENT_KINDS(X)
#undef X
	EVENT_KIND_COUNT
};

_Static_assert(EVENT_KIND_COUNT <= 256, "a kind is one byte on the wire");

#endif
