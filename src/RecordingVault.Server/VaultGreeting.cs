using Microsoft.Extensions.Options;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server;

/// <summary>What a start says on standard output. The set-up link holds a secret: it goes there and never through the logger (security.md 9).</summary>
internal sealed class VaultGreeting(SetupInvitation invitation, IOptions<VaultOptions> options)
{
    public bool MadeRootKey { get; set; }

    public void Print(string address)
    {
        var root = options.Value.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal).Replace("[::1]", "localhost", StringComparison.Ordinal);
        Console.WriteLine($"RecordingVault serves on {root}");
        if (MadeRootKey)
            Console.WriteLine($"A root key was made: {options.Value.RootKeyPath}. Copy it to a safe place now: without it nobody can read this vault, not even we.");
        if (invitation.TakeSecretForPrinting() is { } secret)
        {
            Console.WriteLine($"Set up the vault: {root}/setup#{secret}");
            Console.WriteLine("The link is good once and for 24 hours. Whoever opens it first becomes the owner.");
        }

        Console.Out.Flush();
    }
}
