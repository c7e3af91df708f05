package io.portcullis.command;

import io.portcullis.local.LocalPassphrases;
import io.portcullis.tls.Passphrases;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where the passphrases of the certificate authority come from: a variable, the file that a
 * variable names, the secrets of the local system for its own directory, or the terminal.
 *
 * @param environment variables
 * @param localState what the local system keeps
 * @param prompt asks on the terminal; empty when there is none
 */
record PassphraseSource(
    Map<String, String> environment, Path localState, Function<String, Optional<char[]>> prompt) {
  static final String CA = "PORTCULLIS_CERTS_PASSPHRASE";
  static final String ROOT = "PORTCULLIS_CERTS_ROOT_PASSPHRASE";

  private static final long MOST_BYTES = 4096;

  /** No passphrase, or not one alone; wrong usage. */
  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Missing(String message) {
      super(message);
    }
  }

  /** The real ones of this process. */
  static PassphraseSource ofProcess() {
    return new PassphraseSource(System.getenv(), Home.state(), PassphraseSource::ask);
  }

  /** The intermediate's. */
  char[] ca(Path directory) {
    return find(CA, "the intermediate", directory, LocalPassphrases.ca(localState));
  }

  /** The root's. */
  char[] root(Path directory) {
    return find(ROOT, "the root", directory, LocalPassphrases.root(localState));
  }

  private char[] find(String variable, String whose, Path directory, Optional<char[]> local) {
    String direct = environment.get(variable);
    String file = environment.get(variable + "_FILE");
    if (direct != null && file != null) {
      throw new Missing(variable + " and " + variable + "_FILE are both set; set one");
    }
    if (direct != null) {
      return direct.toCharArray();
    }
    if (file != null) {
      return fromFile(variable + "_FILE", Path.of(file));
    }
    if (local.isPresent() && isLocal(directory)) {
      return local.get();
    }
    return prompt
        .apply("Passphrase of " + whose + " (at least " + Passphrases.SHORTEST + " characters): ")
        .filter(typed -> typed.length > 0)
        .orElseThrow(
            () ->
                new Missing(
                    "the passphrase of "
                        + whose
                        + " is missing; set "
                        + variable
                        + " or "
                        + variable
                        + "_FILE"));
  }

  private boolean isLocal(Path directory) {
    return directory
        .toAbsolutePath()
        .normalize()
        .equals(localState.resolve("certs").toAbsolutePath().normalize());
  }

  private static char[] fromFile(String variable, Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new Missing(variable + ": " + file + " is too large for a passphrase");
      }
      String text = Files.readString(file).stripTrailing();
      if (text.isEmpty() || text.chars().anyMatch(Character::isISOControl)) {
        throw new Missing(variable + ": " + file + " does not hold one line of text");
      }
      return text.toCharArray();
    } catch (IOException e) {
      throw new Missing(variable + ": cannot read " + file);
    }
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again when there is no terminal
  private static Optional<char[]> ask(String question) {
    Console console = System.console();
    return console == null || !console.isTerminal()
        ? Optional.empty()
        : Optional.ofNullable(console.readPassword("%s", question));
  }
}
