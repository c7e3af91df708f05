package io.portcullis.identity;

import static io.portcullis.identity.Identity.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys and tokens made by an independent JOSE library are read the same way here. */
class NimbusInteropTest {
  @Test
  void parse_tokensOfAnotherLibrary_everyAlgorithmHolds() throws Exception {
    var rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    var other = new RSAKeyGenerator(2048).keyID("rsa").generate();
    for (String name : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")) {
      check(name, rsa, new RSASSASigner(rsa), other);
    }
    for (Curve curve : List.of(Curve.P_256, Curve.P_384, Curve.P_521)) {
      var ec = new ECKeyGenerator(curve).keyID("ec").generate();
      var stranger = new ECKeyGenerator(curve).keyID("ec").generate();
      String name = "ES" + (curve.equals(Curve.P_521) ? "512" : curve.getName().substring(2));
      check(name, ec, new ECDSASigner(ec), stranger);
    }
  }

  private static void check(String algorithm, JWK key, JWSSigner signer, JWK stranger)
      throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(key.getKeyID()).build();
    for (int i = 0; i < 10; i++) {
      JWTClaimsSet claims =
          new JWTClaimsSet.Builder()
              .issuer(Identity.ISSUER)
              .subject("s" + i)
              .expirationTime(Date.from(NOW))
              .build();
      SignedJWT jwt = new SignedJWT(header, claims);
      jwt.sign(signer);
      CompactToken token = CompactToken.parse(jwt.serialize());
      assertTrue(token.isSignedBy(read(key)), algorithm);
      assertFalse(token.isSignedBy(read(stranger)), algorithm);
      assertEquals("s" + i, token.claims().getString("sub"));
    }
  }

  private static SigningKey read(JWK key) throws Exception {
    JsonArray keys = new JsonArray().add(new JsonObject(key.toPublicJWK().toJSONString()));
    return JwksReader.read(new JsonObject().put("keys", keys)).keys().getFirst();
  }
}
