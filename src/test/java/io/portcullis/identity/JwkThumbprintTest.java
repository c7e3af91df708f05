package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.testing.DpopKey;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwkThumbprintTest {
  /** RFC 7638, section 3.1. */
  @Test
  void of_exampleOfTheStandard_itsThumbprint() {
    String modulus =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPeb"
            + "WKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Qv"
            + "zqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQF"
            + "h6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    JsonObject jwk =
        new JsonObject()
            .put("kty", "RSA")
            .put("n", modulus)
            .put("e", "AQAB")
            .put("alg", "RS256")
            .put("kid", "2011-04-29");
    assertEquals(Optional.of("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"), JwkThumbprint.of(jwk));
  }

  /** RFC 8037, appendix A.3, and RFC 9449, section 6.1 with the key of section 4.1. */
  @Test
  void of_curves_theirThumbprints() {
    JsonObject edwards =
        new JsonObject()
            .put("kty", "OKP")
            .put("crv", "Ed25519")
            .put("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    assertEquals(
        Optional.of("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"), JwkThumbprint.of(edwards));
    JsonObject elliptic =
        new JsonObject()
            .put("kty", "EC")
            .put("x", "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs")
            .put("y", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA")
            .put("crv", "P-256");
    assertEquals(
        Optional.of("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"), JwkThumbprint.of(elliptic));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "RS256", "EdDSA"})
  void of_keyOfTests_asTheTestsSay(String algorithm) {
    DpopKey key = DpopKey.of(algorithm);
    assertEquals(Optional.of(key.thumbprint()), JwkThumbprint.of(key.jwk()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"kty\":\"oct\",\"k\":\"AA\"}",
        "{\"kty\":1}",
        "{\"kty\":\"RSA\",\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"\"}",
        "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":1}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"a\\\"b\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\\u00e9\"}"
      })
  void of_whatIsNoPublicKey_empty(String jwk) {
    assertEquals(Optional.empty(), JwkThumbprint.of(new JsonObject(jwk)));
  }
}
