package io.portcullis.tenant;

import io.portcullis.model.TenantId;
import java.util.random.RandomGenerator;

/** New tenant ids: a letter, then twelve of 32 characters, 64 bits in all. */
final class TenantIds {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int LETTERS = 26;
  private static final int LENGTH = 13;

  private TenantIds() {}

  static TenantId next(RandomGenerator random) {
    StringBuilder id = new StringBuilder(LENGTH);
    id.append(ALPHABET.charAt(random.nextInt(LETTERS)));
    while (id.length() < LENGTH) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new TenantId(id.toString());
  }
}
