package io.pgha.patroni.internal.protocol;

import java.util.Optional;

/**
 * What a member says of itself at one moment, or why it says nothing. Immutable.
 *
 * @param status what it says
 * @param failure why it says nothing; empty where it does
 */
public record MemberAnswer(Optional<StatusDocument> status, String failure) {}
