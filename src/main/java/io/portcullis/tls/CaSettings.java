package io.portcullis.tls;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a new certificate authority is made with; all but the directory is kept in its state.
 *
 * @param directory where it lives; made with mode 0700
 * @param environment the {@code <env>} of every identity it will ever issue
 * @param crlUrl the CRL distribution point in every identity, if somebody serves {@code crl.pem}
 * @param ocspUrl the OCSP responder named in every identity, if there is one
 * @param settle how long a new intermediate waits before it issues, so that its CRL has reached
 *     everybody who checks
 */
public record CaSettings(
    Path directory,
    String environment,
    Optional<URI> crlUrl,
    Optional<URI> ocspUrl,
    Duration settle) {
  private static final Pattern ENVIRONMENT = Pattern.compile("[a-z][a-z0-9-]{0,30}");
  private static final Duration LONGEST_SETTLE = Duration.ofHours(1);

  /** Checks what goes into certificates. */
  public CaSettings {
    if (!ENVIRONMENT.matcher(environment).matches()) {
      throw new CaException(
          "environment " + Shown.of(environment) + " is not 1 to 31 of a-z, 0-9 and -");
    }
    crlUrl.ifPresent(url -> check("CRL", url));
    ocspUrl.ifPresent(url -> check("OCSP", url));
    if (settle.isNegative() || settle.compareTo(LONGEST_SETTLE) > 0) {
      throw new CaException("a new intermediate settles between 0 s and 1 h, not " + settle);
    }
  }

  /** No URLs, one minute to settle. */
  public static CaSettings of(Path directory, String environment) {
    return new CaSettings(
        directory, environment, Optional.empty(), Optional.empty(), Duration.ofMinutes(1));
  }

  /** The same, with a CRL distribution point. */
  public CaSettings withCrlUrl(URI url) {
    return new CaSettings(directory, environment, Optional.of(url), ocspUrl, settle);
  }

  /** The same, with an OCSP responder. */
  public CaSettings withOcspUrl(URI url) {
    return new CaSettings(directory, environment, crlUrl, Optional.of(url), settle);
  }

  /** The same, with another time before a new intermediate issues. */
  public CaSettings withSettle(Duration time) {
    return new CaSettings(directory, environment, crlUrl, ocspUrl, time);
  }

  private static void check(String kind, URI url) {
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getUserInfo() != null) {
      throw new CaException("the " + kind + " URL is not of the form http://host/path");
    }
  }
}
