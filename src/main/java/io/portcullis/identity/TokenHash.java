package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/** SHA-256 of a token: what the cache remembers instead of the token. */
record TokenHash(long first, long second, long third, long fourth) {
  /**
   * The hash of a token. A character outside of Latin-1 counts as a question mark; neither occurs
   * in a token that was ever verified, so no other text shares the hash of one that was.
   */
  static TokenHash of(String token) {
    ByteBuffer hash = ByteBuffer.wrap(Sha256.of(token.getBytes(ISO_8859_1)));
    return new TokenHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }

  /** The hash of a hash: any part of it is as good as another. */
  @Override
  public int hashCode() {
    return (int) first;
  }
}
