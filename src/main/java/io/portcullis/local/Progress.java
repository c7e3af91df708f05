package io.portcullis.local;

/** Hears how the start goes. Called from several threads. */
public interface Progress {
  /**
   * A part moved on.
   *
   * @param name as people know it, with its version
   * @param state what it does now, e.g. {@code starting}
   */
  void working(String name, String state);

  /**
   * A part is ready.
   *
   * @param took how long it took, in milliseconds
   * @param where its address
   */
  void ready(String name, long took, String where);

  /** Says nothing. */
  Progress SILENT =
      new Progress() {
        @Override
        public void working(String name, String state) {}

        @Override
        public void ready(String name, long took, String where) {}
      };
}
