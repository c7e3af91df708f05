package io.portcullis.command;

import java.nio.file.Path;

/** Where this installation is: the launcher says, whatever the current folder. */
final class Home {
  private Home() {}

  /** The root of the repository. */
  static Path root() {
    return Path.of(System.getProperty("portcullis.home", "")).toAbsolutePath().normalize();
  }

  /** What the local system keeps. */
  static Path state() {
    return root().resolve(".portcullis");
  }
}
