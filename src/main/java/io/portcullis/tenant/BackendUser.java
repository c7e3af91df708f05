package io.portcullis.tenant;

import io.netty.channel.EventLoop;
import io.portcullis.model.Rejection;

/**
 * Somebody who wants a connection for one unit of work. The pool calls {@link #granted} or {@link
 * #refused} exactly once, and {@link #overdue} at most once after {@code granted}, on any thread.
 */
interface BackendUser {
  /** The event loop on which a connection would be nearest. */
  EventLoop loop();

  /** Whose plans a connection should have ready; empty for no preference. */
  String affinity();

  /** When the unit has to be over, in {@link System#nanoTime()}. */
  long deadlineNanos();

  /** The connection is this user's until it is released or discarded. */
  void granted(Backend backend);

  /** There will be no connection. */
  void refused(Rejection rejection);

  /** The deadline has passed; the pool has already taken the connection away and cut it. */
  void overdue();
}
