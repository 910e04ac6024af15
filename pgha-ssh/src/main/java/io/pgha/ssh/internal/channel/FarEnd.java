package io.pgha.ssh.internal.channel;

import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;

/** What one connection through a tunnel comes out of on the far side. */
public interface FarEnd extends Closeable {

    /** Returns what the far side sends. */
    InputStream getInputStream();

    /** Returns where to write what the far side is sent; closing it says that no more comes. */
    OutputStream getOutputStream();

    /** Returns whether the far side still serves it. */
    boolean isFresh();

    /** Says what to do, quickly, when both sides have closed it or the connection broke. */
    void whenClosed(Runnable action);

    /** Closes it without waiting for the far side's answer; also one whose opening is still on its way. */
    @Override
    void close();
}
