using System.Net;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>A bucket of an S3 store, and who asks. Nothing is asked of it when it is opened; it is the owner's to make. Prints without its secret.</summary>
/// <param name="Endpoint">Host, or host:port, without a scheme.</param>
/// <param name="KeyBucket">Another bucket for key objects, where the first one keeps everything for a while (default retention); null for the same.</param>
public sealed record S3Location(string Endpoint, string Bucket, string? KeyBucket, string Region, string AccessKey, string SecretKey, bool UseTls) : StoreLocation
{
    /// <summary>What is asked of the endpoint's name, so that nothing of a path or a user hides in it.</summary>
    public static bool IsEndpoint(string text) =>
        Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var address) && address.PathAndQuery == "/" && address.UserInfo.Length == 0 && address.Fragment.Length == 0
        && string.Equals(address.Authority, text.EndsWith(":443", StringComparison.Ordinal) ? text[..^4] : text, StringComparison.OrdinalIgnoreCase);

    /// <summary>The names that every store takes.</summary>
    public static bool IsBucket(string text) =>
        text.Length is >= 3 and <= 63 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-') && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]);

    /// <summary>Whether it is on this machine, where nobody listens between.</summary>
    public bool IsLoopback => IsOnThisMachine(Endpoint);

    /// <summary>
    /// Whether a digest goes with each put and is compared with what the store says. Neither TLS nor a connection within one machine changes bytes on the way, and
    /// the only digest that every store checks costs more than sealing does.
    /// </summary>
    internal bool IsLineChecked { get; init; } = !UseTls && !IsOnThisMachine(Endpoint);

    private static bool IsOnThisMachine(string endpoint)
    {
        if (!Uri.TryCreate($"https://{endpoint}/", UriKind.Absolute, out var address)) return false;
        var host = address.DnsSafeHost;
        return IPAddress.TryParse(host, out var ip) ? IPAddress.IsLoopback(ip) : string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);
    }

    internal override IObjectStore Open(TimeProvider time) => new S3ObjectStore(this, S3Timing.Default, time);

    public override string ToString() => $"{Bucket} at {Endpoint}";
}
