using Microsoft.Extensions.Options;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Hosting;

namespace RecordingVault.Server;

/// <summary>What a start says on standard output. The set-up link holds a secret: it goes there and never through the logger (security.md 9).</summary>
internal sealed class VaultGreeting(SetupInvitation invitation, IOptions<VaultOptions> options)
{
    public bool MadeRootKey { get; set; }

    /// <param name="management">Where the operator's listener answers; null where there is none.</param>
    public void Print(string address, string? management)
    {
        var root = options.Value.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? Named(address);
        Console.WriteLine($"RecordingVault serves on {root}");
        if (management is not null)
            Console.WriteLine($"The operator's pages are on {Named(management)}{ManagementListener.Home}");
        if (MadeRootKey)
            Console.WriteLine($"A root key was made: {options.Value.RootKeyPath}. Copy it to a safe place now: without it nobody can read this vault, not even we.");
        if (invitation.TakeSecretForPrinting() is { } secret)
        {
            Console.WriteLine($"Set up the vault: {root}/setup#{secret}");
            Console.WriteLine("The link is good once and for 24 hours. Whoever opens it first becomes the owner.");
        }

        Console.Out.Flush();
    }

    private static string Named(string address) => address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal).Replace("[::1]", "localhost", StringComparison.Ordinal);
}
