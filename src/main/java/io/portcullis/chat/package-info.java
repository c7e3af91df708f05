/**
 * Conversations and messages, a service on the event bus. May import {@code tenant}, {@code
 * service}, {@code json} and {@code model}.
 */
@NullMarked
package io.portcullis.chat;

import org.jspecify.annotations.NullMarked;
