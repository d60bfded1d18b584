using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Recovery;

namespace RecordingVault.Cli.Unsealing;

/// <summary>One sealed object, read alone: header, commitment, last chunk, and then the rest.</summary>
internal static class ObjectUnsealing
{
    public static async Task<ExitCode> RunAsync(BucketReader bucket, RootKey root, string name, Destination output, CancellationToken cancellationToken)
    {
        name = Plain(name);
        if (!BucketReader.IsObjectName(name))
            throw new CommandException(ExitCode.Usage, $"{name} is no name of a sealed object. A name looks like t/TENANT/r/RECORDING/original/OBJECT, below the store's folder.");
        await output.WriteAsync(name[(name.LastIndexOf('/') + 1)..], (to, ct) => bucket.OpenObjectAsync(root, name, to, ct), cancellationToken);
        return ExitCode.Ok;
    }

    // A path copied from a folder store has a directory of two digits that is no part of the name (sealed-format.md, section 9).
    private static string Plain(string name) => string.Join('/', name.Split('/').Where(part => part.Length != 2 || !part.All(char.IsAsciiHexDigitLower)));
}
