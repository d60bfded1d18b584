using System.Net;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>Where an S3 store is and who asks. Prints without its secret.</summary>
/// <param name="Endpoint">Host, or host:port, without a scheme.</param>
/// <param name="KeyBucket">Another bucket for key objects, where the first one keeps everything for a while (default retention); null for the same.</param>
public sealed record S3Settings(string Endpoint, string Bucket, string? KeyBucket, string Region, string AccessKey, string SecretKey, bool UseTls)
{
    /// <summary>What is asked of the endpoint's name, so that nothing of a path or a user hides in it.</summary>
    public static bool IsEndpoint(string text) =>
        Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var address) && address.PathAndQuery == "/" && address.UserInfo.Length == 0 && address.Fragment.Length == 0
        && string.Equals(address.Authority, text.EndsWith(":443", StringComparison.Ordinal) ? text[..^4] : text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is on this machine, where nobody listens between.</summary>
    public bool IsLoopback => IPAddress.TryParse(Host, out var address) ? IPAddress.IsLoopback(address) : string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase);

    private string Host => new Uri($"https://{Endpoint}/").DnsSafeHost;

    public override string ToString() => $"{Bucket} at {Endpoint}";
}
