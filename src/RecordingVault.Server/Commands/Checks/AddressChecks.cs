using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Hosting;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>Under which address people reach the vault, and whether a browser will sign them in there.</summary>
internal static class AddressChecks
{
    /// <summary>Three lines of Caddyfile and two settings; the page that refuses plain http says the same.</summary>
    private static string Https(int port) =>
        $$"""
        Put a proxy with a certificate before the vault. With Caddy, these three lines are all:

            vault.example {
                reverse_proxy 127.0.0.1:{{port}}
            }

        Then set Vault__PublicUrl=https://vault.example and Vault__Proxy__Trusted=127.0.0.1, and start it again. More in docs/operations.md, for nginx too.
        """;

    public static IEnumerable<Finding> Run(VaultOptions vault, string listening)
    {
        if (vault.PublicUrl is { } url)
        {
            yield return Finding.Ok("public address", $"{url.GetLeftPart(UriPartial.Authority)}: links and origin checks come from it.");
            if (url.Scheme == Uri.UriSchemeHttps && !listening.Contains("https://", StringComparison.Ordinal) && vault.Proxy.Addresses().Count == 0)
                yield return Finding.Unsafe("proxy", "the public address is https, but the vault serves http and believes no proxy: every request would look like plain http.", "Name the proxy's address in Vault__Proxy__Trusted, such as 127.0.0.1.");
        }
        else
        {
            yield return Finding.Look("public address", "none: only browsers on this machine can sign in. Sign-in elsewhere needs https, because on plain http everyone on the way could read passwords and recordings.", Https(ListenerAddresses.Port(listening.Split(';')[0])));
        }

        if (vault.Management.Urls.Length > 0)
            yield return Finding.Ok("management", $"{vault.Management.Urls}: the operator's pages answer there and nowhere else.");

        foreach (var address in listening.Split(';').Where(address => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !ListenerAddresses.IsLoopback(address)))
            yield return Finding.Look("listener", $"{address} takes plain http from other machines.", "Listen on the loopback address and let the proxy reach it there: ASPNETCORE_URLS=http://localhost:8080.");
    }
}
