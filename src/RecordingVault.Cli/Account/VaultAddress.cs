using System.Net;
using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Account;

/// <summary>Where a vault is reached: scheme, host and port, no more. A token goes over http to this machine alone.</summary>
internal static class VaultAddress
{
    public static Uri Parse(string text)
    {
        var written = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        if (!Uri.TryCreate(written, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.Host.Length == 0)
            throw Wrong(text, "Give it as https://vault.example.");
        if (address.UserInfo.Length > 0 || address.AbsolutePath != "/" || address.Query.Length > 0 || address.Fragment.Length > 0)
            throw Wrong(text, "Give it without a path and without a name or password in it, as https://vault.example.");
        if (address.Scheme == "http" && !IsThisMachine(address))
            throw Wrong(text, "Over http everybody on the way could read your token and your recordings. Use https.");
        return new Uri(address.GetLeftPart(UriPartial.Authority));
    }

    private static bool IsThisMachine(Uri address) =>
        address.IdnHost == "localhost" || (IPAddress.TryParse(address.IdnHost, out var number) && IPAddress.IsLoopback(number));

    private static CommandException Wrong(string text, string cure) => new(ExitCode.Usage, $"{ShownText.Of(text)} is no address of a vault that is used. {cure}");
}
