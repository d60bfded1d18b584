using System.Text;

namespace RecordingVault.Cli.Tests;

/// <summary>What a command left behind on its terminal.</summary>
internal sealed record VaultRun(int Code, string Out, string Error, byte[] Bytes)
{
    public static Task<VaultRun> OfAsync(params string[] args) => OfAsync(TestContext.Current.CancellationToken, args);

    public static async Task<VaultRun> OfAsync(CancellationToken cancellationToken, params string[] args)
    {
        using var bytes = new MemoryStream();
        await using var output = new StringWriter(new StringBuilder());
        await using var error = new StringWriter(new StringBuilder());
        var code = await VaultProgram.RunAsync(args, new Terminal(bytes, output, error), cancellationToken);
        return new VaultRun(code, output.ToString(), error.ToString(), bytes.ToArray());
    }
}
