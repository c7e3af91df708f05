package io.portcullis.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PartsOfTheRunTest {
  @Test
  void redisCalls_ofCommandStatistics_sumsScripts() {
    String info =
        """
        # Commandstats\r
        cmdstat_evalsha:calls=1200,usec=8000,usec_per_call=6.67,rejected_calls=0,failed_calls=1\r
        cmdstat_eval:calls=3,usec=30,usec_per_call=10.00,rejected_calls=0,failed_calls=0\r
        cmdstat_script|load:calls=7,usec=30,usec_per_call=4.29,rejected_calls=0,failed_calls=0\r
        cmdstat_time:calls=1203,usec=30,usec_per_call=0.02,rejected_calls=0,failed_calls=0\r
        """;
    assertEquals(1203, RedisCalls.parse(info));
    assertEquals(0, RedisCalls.parse("# Commandstats\r\n"));
  }

  @Test
  void tools_thatAreMissing_areNamedAllAtOnceWithExitCode3(@TempDir Path folder)
      throws IOException {
    Path wrk = Files.createFile(folder.resolve("wrk"));
    assertTrue(wrk.toFile().setExecutable(true));
    BenchFailure failure =
        assertThrows(BenchFailure.class, () -> Tools.find(folder + ":/nowhere::"));
    assertEquals(3, failure.exitCode());
    assertEquals(
        "missing on this machine: apt-get install haproxy util-linux", failure.getMessage());
  }

  @Test
  void cores_ofTheKernelsList_areAllNamed() {
    assertEquals(List.of(0, 1), Cores.parse("0-1\n"));
    assertEquals(List.of(0, 1, 2, 8, 10, 11), Cores.parse("0-2,8,10-11"));
    assertEquals(List.of(3), Cores.parse("3"));
    assertFalse(new Cores(List.of(3)).separate());
    assertFalse(Cores.ofThisMachine().allowed().isEmpty());
  }

  @Test
  void tampered_token_differsInTheSignatureAlone() {
    String token = "e30.e30." + "abcdefghijklmnopqrstuvwxyz".repeat(4);
    String tampered = Checks.tampered(token);
    assertEquals(token.length(), tampered.length());
    assertTrue(tampered.startsWith("e30.e30."));
    assertNotEquals(token, tampered);
  }

  @Test
  void dearRoute_ofTheConfiguration_costsWhatTheCheckBelieves() throws IOException {
    String yaml = Files.readString(Path.of("bench/portcullis.yaml"));
    assertTrue(yaml.contains("cost: " + Checks.LIMIT / Checks.ADMITTED), yaml);
  }

  @Test
  void scenario_byName_isFound() {
    assertEquals(Optional.of(Scenario.ME), Scenario.named("me"));
    assertEquals(Optional.of(Scenario.PROXY), Scenario.named("proxy"));
    assertEquals(Optional.empty(), Scenario.named("Proxy"));
    assertEquals("me, proxy", Scenario.names());
  }

  @Test
  void peerKey_ofAToken_isTheIssuersKeyOfItsKid(@TempDir Path folder)
      throws IOException, GeneralSecurityException {
    RSAPublicKey key = key();
    JsonObject other = jwk(key()).put("kid", "other");
    String jwks = new JsonObject().put("keys", new JsonArray().add(other).add(jwk(key))).encode();
    PeerKey written = PeerKey.of("https://issuer", token("RS256"), jwks, folder.resolve("pem"));
    String pem = Files.readString(written.file());
    assertTrue(pem.startsWith("-----BEGIN PUBLIC KEY-----\n"), pem);
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    assertEquals(key, KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der)));
  }

  @Test
  void peerKey_ofAnotherAlgorithmOrAnUnknownKid_isRefused(@TempDir Path folder) {
    Path file = folder.resolve("pem");
    String none = "{\"keys\":[]}";
    assertThrows(BenchFailure.class, () -> PeerKey.of("i", token("ES256"), none, file));
    assertThrows(BenchFailure.class, () -> PeerKey.of("i", token("RS256"), none, file));
  }

  @Test
  void workbench_atItsEnd_endsTheLastFirstAndGoesOnAfterAFailure() {
    List<String> ended = new ArrayList<>();
    var said = new StringWriter();
    var bench = new Workbench(new PrintWriter(said));
    bench.keep(() -> ended.add("first"));
    bench.keep(
        () -> {
          throw new IOException("stuck");
        });
    bench.keep(() -> ended.add("last"));
    bench.close();
    bench.close();
    assertEquals(List.of("last", "first"), ended);
    assertTrue(said.toString().contains("stuck"), said.toString());
    assertThrows(BenchFailure.class, () -> bench.keep(() -> ended.add("late")));
    assertEquals(List.of("last", "first", "late"), ended);
  }

  private static RSAPublicKey key() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return (RSAPublicKey) generator.generateKeyPair().getPublic();
  }

  private static JsonObject jwk(RSAPublicKey key) {
    var encoder = Base64.getUrlEncoder().withoutPadding();
    return new JsonObject()
        .put("kty", "RSA")
        .put("kid", "mine")
        .put("n", encoder.encodeToString(key.getModulus().toByteArray()))
        .put("e", encoder.encodeToString(key.getPublicExponent().toByteArray()));
  }

  private static String token(String algorithm) {
    String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"mine\"}";
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(header.getBytes(StandardCharsets.UTF_8))
        + ".e30.c2ln";
  }
}
