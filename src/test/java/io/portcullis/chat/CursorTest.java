package io.portcullis.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CursorTest {
  private static final UUID ID = UUID.fromString("0198c5a2-7b1e-7c3d-9a4f-0123456789ab");
  private static final UUID OTHER = UUID.fromString("0198c5a2-7b1e-7c3d-9a4f-0123456789ac");
  private static final Instant AT = Instant.parse("2026-08-01T10:00:00.123456Z");
  private static final String OF_CONVERSATIONS =
      Cursor.ofConversations(new Conversation(ID, "alice", "t", AT, AT));
  private static final String OF_MESSAGES =
      Cursor.ofMessages(new Message(OTHER, ID, 7, "user", "c", AT));

  @Test
  void conversations_roundTrip_samePosition() {
    assertEquals(new Position(AT, ID), Cursor.toConversations(OF_CONVERSATIONS));
  }

  @Test
  void messages_roundTrip_samePosition() {
    assertEquals(7, Cursor.toMessages(ID, OF_MESSAGES));
  }

  @Test
  void decode_cursorOfAnotherList_isRefused() {
    refused(() -> Cursor.toConversations(OF_MESSAGES));
    refused(() -> Cursor.toMessages(ID, OF_CONVERSATIONS));
    refused(() -> Cursor.toMessages(OTHER, OF_MESSAGES));
  }

  @Test
  void decode_everyChangedCharacter_isRefused() {
    for (int i = 0; i < OF_CONVERSATIONS.length(); i++) {
      char[] changed = OF_CONVERSATIONS.toCharArray();
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      refused(() -> Cursor.toConversations(new String(changed)));
    }
  }

  @Test
  void decode_notCanonical_isRefused() {
    refused(() -> Cursor.toConversations(""));
    refused(() -> Cursor.toConversations(OF_CONVERSATIONS + "=="));
    refused(() -> Cursor.toConversations(OF_CONVERSATIONS + "A"));
    refused(() -> Cursor.toConversations(OF_CONVERSATIONS.substring(4)));
    refused(() -> Cursor.toConversations("not base64!"));
    refused(() -> Cursor.toConversations("A".repeat(100_000)));
  }

  @Test
  void decode_randomBytes_refusedOrPosition() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      try {
        assertTrue(Cursor.toMessages(ID, cursor) >= 0, "seed " + seed);
      } catch (Rejection expected) {
        assertEquals(Problem.INVALID_REQUEST, expected.problem(), "seed " + seed);
      }
    }
  }

  private static void refused(Runnable decoding) {
    Rejection refusal = assertThrows(Rejection.class, decoding::run);
    assertEquals(Problem.INVALID_REQUEST, refusal.problem());
    assertTrue(refusal.detail().startsWith("cursor: "), refusal.detail());
  }
}
