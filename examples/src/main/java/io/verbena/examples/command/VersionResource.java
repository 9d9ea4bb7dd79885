package io.verbena.examples.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of these tools, as the build wrote it down. */
public final class VersionResource implements IVersionProvider {
    private static final String RESOURCE = "/io/verbena/examples/version.properties";

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {
            "verbena " + version(),
            "Java " + System.getProperty("java.version") + " on " + System.getProperty("os.name")
        };
    }

    /** Returns the version alone. */
    public static String version() throws IOException {
        try (InputStream in = VersionResource.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        }
    }
}
