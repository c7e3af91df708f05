package io.portcullis.local;

import java.time.Duration;
import java.util.function.Consumer;

/** What is particular about one part: how it is prepared, started, and known to be ready. */
interface LocalPart {
  Part part();

  /** Name and version, e.g. {@code Redis 7.0.15}. */
  String title();

  /** Host and port, or a URL. */
  String address();

  /**
   * Everything that is needed once, before the first start. Does nothing when it was done.
   *
   * @param state hears what takes long
   */
  void prepare(Consumer<String> state);

  /** The process: its command and environment. */
  ProcessBuilder process();

  /** Asks the part whether it serves. Answers within a second or two. */
  boolean ready(ProcessHandle process);

  /** How long a start may take. */
  Duration startLimit();
}
