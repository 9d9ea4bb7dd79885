package io.verbena.transport.netty;

import io.verbena.transport.StreamError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** Says which {@link StreamError} an exception of the JDK's sockets stands for. */
final class FailureKinds {
    private FailureKinds() {}

    /** Classifies the failure of a connection attempt, after its socket was made. */
    static StreamError ofConnect(Exception failure) {
        if (failure instanceof SocketTimeoutException) {
            return StreamError.TIMED_OUT;
        }
        if (failure instanceof ConnectException) {
            // The JDK has one exception for ECONNREFUSED and ETIMEDOUT.
            return says(failure, "timed out") ? StreamError.TIMED_OUT : StreamError.REFUSED;
        }
        if (failure instanceof SocketException && says(failure, "reset")) {
            return StreamError.RESET;
        }
        // No route, network down, address of the wrong family, address not resolved, not allowed.
        return StreamError.UNREACHABLE;
    }

    /** Classifies the failure of a read or a write. */
    static StreamError ofStream(IOException failure) {
        boolean brokenByPeer = says(failure, "reset")
                || says(failure, "broken pipe")
                || says(failure, "forcibly closed")
                || says(failure, "aborted");
        return brokenByPeer ? StreamError.RESET : StreamError.LOST;
    }

    /** The JDK hands on the words of the operating system, and keeps no error number. */
    private static boolean says(Exception failure, String words) {
        String message = failure.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains(words);
    }
}
