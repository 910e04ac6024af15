package io.pgha.spi;

/** Names what a service must do when something that it reads has changed. */
public enum Reaction {
    /** Read its configuration again. */
    RELOAD,
    /** Restart. */
    RESTART
}
