package io.pgha.plan;

/**
 * Shows how a file would change. Immutable; never holds a secret.
 *
 * @param path the absolute path on the node
 * @param unified the unified diff, with {@code ****} for secrets, or one sentence where there is nothing else
 */
public record FileDiff(String path, String unified) {
    @Override
    public String toString() {
        return unified;
    }
}
