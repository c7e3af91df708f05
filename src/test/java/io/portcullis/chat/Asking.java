package io.portcullis.chat;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.portcullis.model.ServiceResponse;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.portcullis.service.ServiceBus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** One caller who asks the chat service and waits for the answer on the test's thread. */
record Asking(ServiceBus bus, Tenant tenant, String subject, Set<String> roles) {
  static final Tenant ACME =
      new Tenant(new TenantId("acme000000001"), "acme", "org-acme", Tenant.State.ACTIVE);
  static final Tenant GLOBEX =
      new Tenant(new TenantId("globex0000001"), "globex", "org-globex", Tenant.State.ACTIVE);

  static Asking user(ServiceBus bus, Tenant tenant, String subject) {
    return new Asking(bus, tenant, subject, Set.of("user"));
  }

  static Asking admin(ServiceBus bus, Tenant tenant, String subject) {
    return new Asking(bus, tenant, subject, Set.of("user", "tenant-admin"));
  }

  Wish wish(String operation) {
    return new Wish(this, operation);
  }

  JsonObject create(String title) {
    return body(wish("conversation.create").json("{\"title\":\"" + title + "\"}").answer());
  }

  JsonObject say(String conversation, String content) {
    return body(
        wish("message.create")
            .id(conversation)
            .json(new JsonObject().put("content", content).encode())
            .answer());
  }

  JsonObject get(String conversation) {
    return wish("conversation.get").id(conversation).answerBody();
  }

  /** The titles of the first hundred conversations, newest first. */
  List<String> titles() {
    return wish("conversation.list")
        .query("limit", "100")
        .answerBody()
        .getJsonArray("items")
        .stream()
        .map(item -> ((JsonObject) item).getString("title"))
        .toList();
  }

  static JsonObject body(ServiceResponse response) {
    return response.body().toJsonObject();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
