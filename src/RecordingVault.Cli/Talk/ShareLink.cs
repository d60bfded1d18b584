namespace RecordingVault.Cli.Talk;

/// <summary>The address that a vault gave a new link.</summary>
internal static class ShareLink
{
    /// <exception cref="CommandException">It is no address that a person could be sent to.</exception>
    public static string Check(ShareAnswer share, VaultClient vault) =>
        Uri.TryCreate(share.Url, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.Fragment.Length > 1 ? url.AbsoluteUri : throw vault.Strange();
}
