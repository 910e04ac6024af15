package io.pgha.patroni.operation;

import java.time.Duration;

/**
 * What a member that is reinitialized is doing. Immutable.
 *
 * @param member the member's name
 * @param state Patroni's word: {@code stopping}, {@code creating replica}, {@code starting}, {@code running},
 *     {@code streaming}; {@code no answer} where it gives none
 * @param elapsed the time since it was asked
 */
public record ReinitProgress(String member, String state, Duration elapsed) {}
