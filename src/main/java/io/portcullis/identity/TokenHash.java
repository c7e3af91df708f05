package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of a token: what the cache remembers instead of the token. */
record TokenHash(long first, long second, long third, long fourth) {
  /** One digest per thread; event loops are few and live as long as the process. */
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(TokenHash::sha256);

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The hash of a token. A character outside of Latin-1 counts as a question mark; neither occurs
   * in a token that was ever verified, so no other text shares the hash of one that was.
   */
  static TokenHash of(String token) {
    ByteBuffer hash = ByteBuffer.wrap(SHA_256.get().digest(token.getBytes(ISO_8859_1)));
    return new TokenHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }

  /** The hash of a hash: any part of it is as good as another. */
  @Override
  public int hashCode() {
    return (int) first;
  }
}
