package io.portcullis.bench;

/** The run proves nothing, for a reason that the message tells completely. */
public final class BenchFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int FAILED = 1;
  private static final int MISSING = 3;

  private final int exitCode;

  private BenchFailure(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /** A check did not hold or a part gave up. */
  static BenchFailure of(String message) {
    return new BenchFailure(FAILED, message);
  }

  /** Something is not on this machine; the message says how to get it. */
  static BenchFailure missing(String message) {
    return new BenchFailure(MISSING, message);
  }

  /** The exit code of the command: 1 failed, 3 something missing. */
  public int exitCode() {
    return exitCode;
  }
}
