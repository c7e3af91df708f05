package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Api;
import io.portcullis.testing.Trail;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens of a real Keycloak that do not hold: each refused for its reason, each with its event. */
final class RefusedTokensIT {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private static TestNode node;
  private static Trail trail;
  private static String token;

  @BeforeAll
  static void start() {
    node = TestNode.start("tokens");
    trail = new Trail(() -> TestNode.superuser(node.system));
    token = node.token("alice");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void noToken_isRefused() {
    Api.Answer answer = node.anonymous().get("/api/v1/me");
    refused(answer, "token-missing");
    assertFalse(answer.header("www-authenticate").contains("error"), "nothing was wrong with it");
  }

  @Test
  void flippedBit_ofTheSignature_isRefused() {
    String[] parts = token.split("\\.", -1);
    byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
    signature[7] ^= 1;
    refused(parts[0] + "." + parts[1] + "." + URL.encodeToString(signature), "signature-invalid");
  }

  @Test
  void flippedBit_ofTheClaims_isRefused() {
    String[] parts = token.split("\\.", -1);
    JsonObject claims = new JsonObject(text(parts[1]));
    claims.put("preferred_username", "mallory");
    refused(parts[0] + "." + encode(claims) + "." + parts[2], "signature-invalid");
  }

  @Test
  void algorithmNone_isRefused() {
    String[] parts = token.split("\\.", -1);
    JsonObject header = new JsonObject(text(parts[0])).put("alg", "none");
    refused(encode(header) + "." + parts[1] + ".", "");
  }

  @Test
  void hs256_withThePublicKeyAsSecret_isRefused() throws Exception {
    String[] parts = token.split("\\.", -1);
    JsonObject header = new JsonObject(text(parts[0])).put("alg", "HS256");
    String signed = encode(header) + "." + parts[1];
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(publicKey(), "HmacSHA256"));
    byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
    refused(signed + "." + URL.encodeToString(signature), "algorithm-refused");
  }

  @Test
  void expiredToken_isRefused() {
    Set<Integer> done = Set.of(200, 204);
    String client =
        node.system.admin().call("GET", "portcullis/clients?clientId=portcullis-cli", "", done);
    String id = new io.vertx.core.json.JsonArray(client).getJsonObject(0).getString("id");
    setLifespan(id, "1");
    try {
      Api shortLived = node.as("alice");
      io.portcullis.testing.Await.until(
          () -> shortLived.get("/api/v1/me").status() == 401,
          Duration.ofSeconds(10),
          () -> "a token of one second still holds");
      refused(shortLived.get("/api/v1/me"), "token-expired");
    } finally {
      setLifespan(id, "");
    }
  }

  @Test
  void anotherRealm_isRefused() {
    JsonObject realm =
        new JsonObject().put("realm", "elsewhere").put("enabled", true).put("sslRequired", "none");
    node.system.admin().createRealm(realm);
    try {
      node.system.admin().createUser("elsewhere", "eve", "eve-password");
      String foreign =
          node.system.tokens().accessToken("elsewhere", "admin-cli", "eve", "eve-password", "");
      refused(foreign, "issuer-unknown");
    } finally {
      node.system.admin().deleteRealm("elsewhere");
    }
  }

  @Test
  void noOrganization_isAmbiguous() {
    Api.Answer answer = node.as("oscar").get("/api/v1/me");
    assertEquals(403, answer.status(), answer.text());
    assertEquals("tenant-ambiguous", answer.problem());
    trail.await(
        answer.header("x-request-id"), entry -> entry.encode().contains("organization-missing"));
  }

  @Test
  void twoOrganizations_areAmbiguous() {
    String user = "both-" + System.nanoTime();
    node.system.admin().createUser("portcullis", user, user, "user");
    node.system.admin().addMember("portcullis", "acme", user);
    node.system.admin().addMember("portcullis", "globex", user);
    String both = node.system.token(user, user, "organization:*");
    Api.Answer answer = node.anonymous().as(both).get("/api/v1/me");
    assertEquals(403, answer.status(), answer.text());
    assertEquals("tenant-ambiguous", answer.problem());
    trail.await(
        answer.header("x-request-id"), entry -> entry.encode().contains("organization-several"));
    String one = node.system.token(user, user, "organization:globex");
    Api.Answer chosen = node.anonymous().as(one).get("/api/v1/me");
    assertEquals("globex", chosen.json().getString("tenant"));
  }

  @Test
  void organizationThatIsNoTenant_isForbidden() {
    String name = "stranger" + System.nanoTime();
    JsonObject organization =
        new JsonObject()
            .put("name", name)
            .put("alias", name)
            .put(
                "domains",
                new io.vertx.core.json.JsonArray()
                    .add(new JsonObject().put("name", name + ".test")));
    node.system
        .admin()
        .call("POST", "portcullis/organizations", organization.encode(), Set.of(201));
    node.system.admin().createUser("portcullis", name, name, "user");
    node.system.admin().addMember("portcullis", name, name);
    Api.Answer answer = node.as(name).get("/api/v1/me");
    assertEquals("forbidden", answer.problem(), answer.text());
    trail.await(answer.header("x-request-id"), entry -> entry.encode().contains("tenant-unknown"));
  }

  @Test
  void refreshAndIdTokens_areRefused() throws Exception {
    String form =
        "grant_type=password&client_id=portcullis-cli&username=alice&password=alice&scope=openid";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node.system.issuer() + "/protocol/openid-connect/token"))
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    JsonObject tokens =
        new JsonObject(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    refused(tokens.getString("id_token"), "");
    refused(tokens.getString("refresh_token"), "");
  }

  @Test
  void roleMissing_isForbiddenAndAnEvent() {
    String user = "roleless-" + System.nanoTime();
    node.system.admin().createUser("portcullis", user, user);
    node.system.admin().addMember("portcullis", "acme", user);
    Api.Answer answer = node.as(user).get("/api/v1/me");
    assertEquals(403, answer.status(), answer.text());
    assertEquals("forbidden", answer.problem());
    trail.await(answer.header("x-request-id"), entry -> entry.encode().contains("role-missing"));
  }

  private static void refused(String refusedToken, String reason) {
    refused(node.anonymous().as(refusedToken).get("/api/v1/me"), reason);
  }

  private static void refused(Api.Answer answer, String reason) {
    assertEquals(401, answer.status(), answer.text());
    assertEquals("unauthenticated", answer.problem());
    assertTrue(answer.header("www-authenticate").startsWith("Bearer realm=\"portcullis\""));
    JsonObject entry =
        trail.await(
            answer.header("x-request-id"),
            body -> body.encode().contains("authentication.refused"));
    assertTrue(entry.encode().contains(reason), entry.encode());
    assertFalse(
        entry.encode().contains(token.substring(token.length() - 40)), "no token in the trail");
  }

  private static void setLifespan(String client, String seconds) {
    String path = "portcullis/clients/" + client;
    JsonObject representation =
        new JsonObject(node.system.admin().call("GET", path, "", Set.of(200)));
    representation.getJsonObject("attributes").put("access.token.lifespan", seconds);
    node.system.admin().call("PUT", path, representation.encode(), Set.of(204));
  }

  private static byte[] publicKey() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(node.system.issuer())).build();
    String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    return Base64.getDecoder().decode(new JsonObject(body).getString("public_key"));
  }

  private static String text(String segment) {
    return new String(Base64.getUrlDecoder().decode(segment), StandardCharsets.UTF_8);
  }

  private static String encode(JsonObject object) {
    return URL.encodeToString(object.encode().getBytes(StandardCharsets.UTF_8));
  }
}
