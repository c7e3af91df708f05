package io.portcullis.tls;

import java.util.Arrays;

/**
 * What encrypts the keys of the authority. Holds copies; {@link #close} overwrites them.
 *
 * <p>At least {@value #SHORTEST} characters each (NIST SP 800-63B-4 asks 15 of a password that
 * stands alone), printable ASCII so that every program derives the same key from it, and not the
 * same twice: who has the online one must not have the root.
 */
public final class Passphrases implements AutoCloseable {
  /** The least number of characters. */
  public static final int SHORTEST = 15;

  private final char[] root;
  private final char[] ca;

  /**
   * Takes copies.
   *
   * @param root of the root's key
   * @param ca of the intermediate's key
   */
  public Passphrases(char[] root, char[] ca) {
    check("root", root);
    check("intermediate", ca);
    if (Arrays.equals(root, ca)) {
      throw new CaException("the root's passphrase and the intermediate's must differ");
    }
    this.root = root.clone();
    this.ca = ca.clone();
  }

  char[] root() {
    return root;
  }

  char[] ca() {
    return ca;
  }

  @Override
  public void close() {
    Arrays.fill(root, '\0');
    Arrays.fill(ca, '\0');
  }

  @Override
  public String toString() {
    return "******";
  }

  private static void check(String whose, char[] passphrase) {
    if (passphrase.length < SHORTEST) {
      throw new CaException(
          "the " + whose + " passphrase is shorter than " + SHORTEST + " characters");
    }
    for (char one : passphrase) {
      if (one < ' ' || one > '~') {
        throw new CaException(
            "the " + whose + " passphrase has other characters than printable ASCII");
      }
    }
  }
}
