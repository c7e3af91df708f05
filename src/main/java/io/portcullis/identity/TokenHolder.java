package io.portcullis.identity;

import java.util.List;
import java.util.Optional;

/**
 * What a request shows of its sender besides the access token, and what it is for. Only asked when
 * the token is bound to a key, on the thread that asked for the proof.
 */
public interface TokenHolder {
  /** The values of all {@code DPoP} headers. */
  List<String> proofs();

  /** The request's method. */
  String method();

  /** The address the request is for, as its sender sees it; without query. */
  String target();

  /** {@code x5t#S256} of the client certificate that the sender has proved. */
  Optional<String> certificateThumbprint();
}
