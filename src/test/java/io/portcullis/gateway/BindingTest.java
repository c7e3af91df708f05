package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.AuditEvent;
import io.portcullis.model.TokenBinding;
import io.portcullis.testing.DpopKey;
import io.portcullis.testing.RawHttp;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bound tokens on the wire: what a client is told, what the trail is told, what goes on. */
class BindingTest {
  private static final DpopKey KEY = DpopKey.of("ES256");
  private static final String ALGORITHMS = "algs=\"";

  private static BindingGateway gateway;
  private static String token;

  @BeforeAll
  static void start() {
    gateway = new BindingGateway("", true);
    token = gateway.tokenOf(KEY);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void reset() {
    gateway.policy = TokenBinding.NONE;
    gateway.patient = true;
    gateway.revokedMeanwhile = false;
    gateway.events.clear();
    gateway.upstream.clear();
    gateway.refusalsCounted.set(0);
  }

  private static String proof(String path, String nonce) {
    return "DPoP: "
        + KEY.proof("GET", BindingGateway.PUBLIC + path, token, Instant.now())
            .nonce(nonce)
            .signed();
  }

  private static String nonce() throws IOException {
    return gateway.get("/me", "Authorization: DPoP " + token).header("dpop-nonce");
  }

  private static String challenge(RawHttp.Answer answer) {
    assertEquals(401, answer.status(), answer.body());
    return answer.header("www-authenticate");
  }

  @Test
  void request_takenBackWhileItsProofWasMarked_isRefusedAndReachesNobody() throws IOException {
    String nonce = nonce();
    gateway.revokedMeanwhile = true;
    RawHttp.Answer answer = gateway.get("/up", "Authorization: DPoP " + token, proof("/up", nonce));
    assertEquals(401, answer.status(), answer.body());
    assertEquals(List.of(), gateway.upstream);
    assertEquals("token-revoked", gateway.events.getLast().reason());
  }

  @Test
  void request_withoutNonce_isChallengedAndNotAnEvent() throws IOException {
    String bare =
        "DPoP: " + KEY.proof("GET", BindingGateway.PUBLIC + "/me", token, Instant.now()).signed();
    RawHttp.Answer asked = gateway.get("/me", "Authorization: DPoP " + token, bare);
    assertTrue(
        challenge(asked).startsWith("DPoP realm=\"portcullis\", error=\"use_dpop_nonce\""),
        asked.header("www-authenticate"));
    assertTrue(asked.header("www-authenticate").contains(ALGORITHMS));
    assertEquals("no-store", asked.header("cache-control"));
    assertEquals(List.of(), gateway.events);
    assertEquals(1, gateway.refusalsCounted.get());
    RawHttp.Answer answer =
        gateway.get(
            "/me", "Authorization: DPoP " + token, proof("/me", asked.header("dpop-nonce")));
    assertEquals(200, answer.status(), answer.body());
    assertEquals(22, answer.header("dpop-nonce").length());
  }

  @Test
  void challenges_tooMany_areRefusedAsAnyRefusal() throws IOException {
    gateway.patient = false;
    String bare =
        "DPoP: " + KEY.proof("GET", BindingGateway.PUBLIC + "/me", token, Instant.now()).signed();
    assertEquals(429, gateway.get("/me", "Authorization: DPoP " + token, bare).status());
  }

  @Test
  void request_withoutToken_isOfferedBothSchemes() throws IOException {
    String offered = challenge(gateway.get("/me"));
    assertTrue(offered.startsWith("Bearer realm=\"portcullis\", DPoP algs=\""), offered);
  }

  @Test
  void token_thatIsBound_asBearer_isToldTheScheme() throws IOException {
    RawHttp.Answer answer = gateway.get("/me", "Authorization: Bearer " + token);
    assertTrue(
        challenge(answer).matches("Bearer .*error=\"invalid_token\".*, DPoP algs=\".*\""),
        answer.header("www-authenticate"));
    assertEquals("token-bound", reason());
    assertTrue(answer.headers("dpop-nonce").isEmpty());
  }

  @Test
  void proof_thatDoesNotHold_isAnEventWithItsReason() throws IOException {
    String proof = proof("/up", nonce());
    gateway.events.clear();
    RawHttp.Answer answer = gateway.get("/me", "Authorization: DPoP " + token, proof);
    assertTrue(
        challenge(answer).startsWith("DPoP realm=\"portcullis\", error=\"invalid_dpop_proof\""),
        answer.header("www-authenticate"));
    assertEquals("dpop-target", reason());
    assertFalse(gateway.events.toString().contains(proof.substring(proof.length() - 40)));
  }

  @Test
  void token_thatExpired_asDpop_isChallengedAsDpop() throws IOException {
    String expired =
        gateway
            .token()
            .claim("exp", 1)
            .claim("cnf", new JsonObject().put("jkt", KEY.thumbprint()))
            .signed();
    assertTrue(
        challenge(gateway.get("/me", "Authorization: DPoP " + expired))
            .startsWith("DPoP realm=\"portcullis\", error=\"invalid_token\""));
  }

  @Test
  void proofs_twoHeaders_areRefused() throws IOException {
    String nonce = nonce();
    gateway.events.clear();
    assertEquals(
        401,
        gateway
            .get("/me", "Authorization: DPoP " + token, proof("/me", nonce), proof("/me", nonce))
            .status());
    assertEquals("dpop-repeated", reason());
  }

  @Test
  void forward_provedRequest_withoutItsProofAndWithOurNonce() throws IOException {
    RawHttp.Answer answer =
        gateway.get("/up", "Authorization: DPoP " + token, proof("/up", nonce()));
    assertEquals(200, answer.status(), answer.body());
    assertEquals(1, answer.headers("dpop-nonce").size());
    assertFalse(answer.header("dpop-nonce").equals("of-the-upstream"));
    assertFalse(gateway.upstream.getFirst().contains("dpop"));
    assertFalse(gateway.upstream.getFirst().contains("authorization"));
  }

  @Test
  void query_ofTheRequest_isNotPartOfTheAddress() throws IOException {
    String proof = proof("/me", nonce());
    assertEquals(200, gateway.get("/me?x=1&y=2", "Authorization: DPoP " + token, proof).status());
  }

  @Test
  void host_ofTheRequest_changesNothing() throws IOException {
    String nonce = nonce();
    String elsewhere =
        "DPoP: "
            + KEY.proof("GET", "https://evil.test/me", token, Instant.now()).nonce(nonce).signed();
    assertEquals(
        401, gateway.getAt("evil.test", "/me", "Authorization: DPoP " + token, elsewhere).status());
    assertEquals(
        200,
        gateway
            .getAt("evil.test", "/me", "Authorization: DPoP " + token, proof("/me", nonce))
            .status());
  }

  @Test
  void tenant_thatDemandsDpop_refusesWhateverIsLess() throws IOException {
    gateway.policy = TokenBinding.DPOP;
    RawHttp.Answer plain = gateway.get("/me", "Authorization: Bearer " + gateway.token().signed());
    assertTrue(
        challenge(plain).startsWith("DPoP realm=\"portcullis\", error=\"invalid_token\""),
        plain.header("www-authenticate"));
    assertEquals(22, plain.header("dpop-nonce").length(), "the first proof can have it");
    assertEquals("binding-dpop", reason());
    assertTrue(gateway.events.getFirst().tenant().isPresent(), "in the tenant's own trail");
    assertEquals(
        401,
        gateway.get("/caller", "Authorization: Bearer " + gateway.token().signed()).status(),
        "on every route");
    RawHttp.Answer bound =
        gateway.get("/me", "Authorization: DPoP " + token, proof("/me", nonce()));
    assertEquals(200, bound.status(), bound.body());
    gateway.policy = TokenBinding.NONE;
    assertEquals(
        200, gateway.get("/me", "Authorization: Bearer " + gateway.token().signed()).status());
  }

  @Test
  void tenant_thatDemandsCertificates_refusesWhateverIsElse() throws IOException {
    gateway.policy = TokenBinding.MTLS;
    RawHttp.Answer plain = gateway.get("/me", "Authorization: Bearer " + gateway.token().signed());
    assertTrue(challenge(plain).startsWith("Bearer realm"), plain.header("www-authenticate"));
    assertEquals("binding-mtls", reason());
    assertEquals(
        401,
        gateway.get("/me", "Authorization: DPoP " + token, proof("/me", nonce())).status(),
        "a key is no certificate");
    String certified =
        gateway.token().claim("cnf", new JsonObject().put("x5t#S256", "abc")).signed();
    gateway.events.clear();
    assertEquals(
        401,
        gateway.get("/me", "Authorization: Bearer " + certified, "Client-Cert: :AAAA:").status(),
        "here nobody vouches for that header");
    assertEquals("certificate-missing", reason());
  }

  @Test
  void tenantHosts_ownHost_isTheAddress() throws IOException {
    try (BindingGateway hosts = new BindingGateway(".example.com", true)) {
      String its = hosts.tokenOf(KEY);
      String header = "Authorization: DPoP " + its;
      String nonce = hosts.getAt("acme.example.com", "/me", header).header("dpop-nonce");
      for (String host : List.of("acme.example.com", "ACME.Example.com")) {
        String proof =
            "DPoP: "
                + KEY.proof("GET", "https://acme.example.com/me", its, Instant.now())
                    .nonce(nonce)
                    .signed();
        assertEquals(200, hosts.getAt(host, "/me", header, proof).status());
      }
      String other =
          "DPoP: "
              + KEY.proof("GET", "https://globex.example.com/me", its, Instant.now())
                  .nonce(nonce)
                  .signed();
      assertEquals(401, hosts.getAt("acme.example.com", "/me", header, other).status());
    }
  }

  @Test
  void publicUrl_absent_dpopIsNotOffered() throws IOException {
    try (BindingGateway plain = new BindingGateway("", false)) {
      RawHttp.Answer anonymous = plain.get("/me");
      assertEquals("Bearer realm=\"portcullis\"", challenge(anonymous));
      RawHttp.Answer refused =
          plain.get("/me", "Authorization: DPoP " + plain.tokenOf(KEY), "DPoP: x");
      assertEquals("Bearer realm=\"portcullis\", error=\"invalid_request\"", challenge(refused));
      assertTrue(refused.headers("dpop-nonce").isEmpty());
      plain.policy = TokenBinding.DPOP;
      assertEquals(
          401, plain.get("/me", "Authorization: Bearer " + plain.token().signed()).status());
    }
  }

  private static String reason() {
    AuditEvent event = gateway.events.getLast();
    assertEquals("authentication.refused", event.type());
    return event.reason();
  }
}
