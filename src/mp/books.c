/* SPDX-License-Identifier: MIT */
#include "mp/books.h"

#include <pthread.h>

static pthread_mutex_t books = PTHREAD_MUTEX_INITIALIZER;

void books_lock(void)
{
	pthread_mutex_lock(&books);
}

void books_unlock(void)
{
	pthread_mutex_unlock(&books);
}
