package io.portcullis;

import io.portcullis.command.RootCommand;

/** The command line. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and ends with its exit code: 0 done, 1 failed, 2 wrong usage, 3 something
   * missing.
   */
  public static void main(String[] arguments) {
    System.exit(RootCommand.run(arguments));
  }
}
