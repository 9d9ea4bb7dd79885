package io.verbena.conformance.raw;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/** What arrives on a socket, and who hears of it. Used by one thread. */
final class ObservedInput extends FilterInputStream {
    private final RawObserver.Connection observer;

    ObservedInput(InputStream given, RawObserver.Connection observer) {
        super(given);
        this.observer = observer;
    }

    @Override
    public int read() throws IOException {
        byte[] octet = new byte[1];
        return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xFF;
    }

    @Override
    public int read(byte[] octets, int from, int most) throws IOException {
        int count;
        try {
            count = super.read(octets, from, most);
        } catch (SocketTimeoutException nothingYet) {
            throw nothingYet;
        } catch (IOException broken) {
            observer.onResetByPeer();
            throw broken;
        }
        if (count < 0) {
            observer.onInputEnded();
        } else {
            observer.onReceived(octets, from, count);
        }
        return count;
    }
}
