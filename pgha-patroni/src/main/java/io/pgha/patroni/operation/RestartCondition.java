package io.pgha.patroni.operation;

import io.pgha.patroni.view.MemberView;

/** Whether every PostgreSQL is restarted, or only one that needs it. */
public enum RestartCondition {
    /** Every one. */
    ALWAYS,
    /** Only one with changed settings that wait for a restart ({@link MemberView#pendingRestart()}). */
    PENDING
}
