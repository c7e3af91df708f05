package io.portcullis.tenant;

/** What a unit of work may do. */
public enum Access {
  /** Read only: the database refuses everything else. */
  READ("BEGIN READ ONLY"),
  /** Read and write. */
  WRITE("BEGIN");

  private final String begin;

  Access(String begin) {
    this.begin = begin;
  }

  String begin() {
    return begin;
  }
}
