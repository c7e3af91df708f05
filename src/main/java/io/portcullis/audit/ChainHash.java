package io.portcullis.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The link from one entry of a chain to the next:
 *
 * <pre>
 * hash(0) = SHA-256("portcullis.audit.genesis.v1")
 * hash(n) = SHA-256(u32 length of domain, "portcullis.audit.entry.v1",
 *                   hash(n-1), u32 length of chain, chain, u64 n, u32 length of body, body)
 * </pre>
 *
 * <p>All lengths are written, big-endian, so no two different entries have the same input; the
 * domain keeps these hashes apart from any other use of SHA-256. An entry's hash covers everything
 * before it: changing, removing or reordering an entry changes every later hash. Not thread-safe.
 */
final class ChainHash {
  /** Bytes of a hash. */
  static final int LENGTH = 32;

  private static final byte[] DOMAIN =
      "portcullis.audit.entry.v1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] GENESIS =
      sha256().digest("portcullis.audit.genesis.v1".getBytes(StandardCharsets.US_ASCII));

  private final MessageDigest digest = sha256();

  /** The hash before the first entry, the same for every chain. */
  static byte[] genesis() {
    return GENESIS.clone();
  }

  /** The hash of the entry {@code seq} of a chain. */
  byte[] next(byte[] previous, String chain, long seq, String body) {
    if (previous.length != LENGTH) {
      throw new IllegalArgumentException("a hash has " + LENGTH + " bytes");
    }
    byte[] name = chain.getBytes(StandardCharsets.UTF_8);
    byte[] text = body.getBytes(StandardCharsets.UTF_8);
    ByteBuffer input =
        ByteBuffer.allocate(4 + DOMAIN.length + LENGTH + 4 + name.length + 8 + 4 + text.length);
    input.putInt(DOMAIN.length).put(DOMAIN).put(previous);
    input.putInt(name.length).put(name).putLong(seq).putInt(text.length).put(text);
    return digest.digest(input.array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
