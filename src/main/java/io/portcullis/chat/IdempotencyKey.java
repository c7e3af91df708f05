package io.portcullis.chat;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code Idempotency-Key} request header (draft-ietf-httpapi-idempotency-key-header): a key
 * belongs to the subject for 24 hours; the same key with the same wish gets the first answer again,
 * with another wish it is refused.
 *
 * <p>The fingerprint covers the operation, the parent and the value after validation. So requests
 * that differ in white space or escapes are the same, and a repeated answer can be made from the
 * stored id and time and the value that the repeated request brings itself: nothing is kept twice.
 */
final class IdempotencyKey {
  private static final String HEADER = "idempotency-key";
  private static final Pattern SHAPE = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private IdempotencyKey() {}

  /** The claim of a request that carries a key. */
  static Optional<Claim> claim(ServiceRequest request, String parent, String value) {
    String key = request.headers().get(HEADER);
    if (key == null) {
      return Optional.empty();
    }
    if (!SHAPE.matcher(key).matches()) {
      throw Refusals.invalid("Idempotency-Key", "must have 1 to 255 visible ASCII characters");
    }
    return Optional.of(new Claim(key, fingerprint(request.operation(), parent, value)));
  }

  static Rejection reused() {
    return Rejection.of(
        Problem.CONFLICT,
        "idempotency-key-reused",
        "Idempotency-Key: was used for a different request; take a new key for a new request");
  }

  private static String fingerprint(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
