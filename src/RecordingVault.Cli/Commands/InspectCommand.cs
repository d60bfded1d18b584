using System.CommandLine;
using RecordingVault.Cli.Inspecting;
using RecordingVault.Cli.Output;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Cli.Commands;

/// <summary>`vault inspect`: what a sealed file says about itself, or what marks any other file carries. No key is needed, and so nothing of it is proved.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("file") { Description = "A film, a sound, a picture, captions, from a vault or not; or a sealed object or a wrapped key." };
        var json = new Option<bool>("--json") { Description = "The marks of a file as one JSON object." };
        var command = new Command("inspect", "Shows every usage mark that a file carries, what each says and where they disagree; of a sealed object or a wrapped key its head. Needs no server and no key.") { file, json };
        command.SetAction(async (asked, cancellationToken) =>
        {
            var path = asked.GetRequiredValue(file).FullName;
            if (!File.Exists(path)) throw new CommandException(ExitCode.Usage, $"There is no file {path}.");
            if (await MarkReport.ReadAsync(path, cancellationToken) is { } report)
            {
                foreach (var line in asked.GetValue(json) ? [MarkReportText.Json(report)] : MarkReportText.Lines(report)) await terminal.Out.WriteLineAsync(line);
                return (int)ExitCode.Ok;
            }

            if (asked.GetValue(json)) throw new CommandException(ExitCode.Usage, "--json is for files that carry marks, and this is none that this program knows.");
            using var handle = File.OpenHandle(path);
            var head = new byte[256];
            var beginning = head.AsMemory(0, await RandomAccess.ReadAsync(handle, head, 0, cancellationToken));
            var lines = beginning.Span.StartsWith("RVK1"u8)
                ? Describe(WrappedKey.Parse(beginning))
                : Describe(SealedHeader.Parse(beginning.Span[..Math.Min(beginning.Length, SealedHeader.LengthInBytes)]), RandomAccess.GetLength(handle));
            foreach (var (name, value) in lines) await terminal.Out.WriteLineAsync($"{name,-14}{value}");
            await terminal.Out.WriteLineAsync("No key was used: this is what the file says, not what is proved.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static IEnumerable<(string Name, object Value)> Describe(SealedHeader header, long sealedLength) =>
    [
        ("what", "sealed object, version 1, suite 1"), ("role", $"{(byte)header.Role} {OutputNames.WordOf(header.Role)}"), ("tenant", header.TenantId),
        ("owner", header.OwnerId), ("object", header.ObjectId), ("sealed", $"{sealedLength} bytes"), ("plaintext", Plaintext(sealedLength)),
    ];

    private static IEnumerable<(string Name, object Value)> Describe(WrappedKey wrap) =>
    [
        ("what", "wrapped key, version 1, suite 1"), ("kind", $"{(byte)wrap.Kind} {wrap.Kind}"), ("tenant", wrap.TenantId), ("owner", wrap.OwnerId),
        ("key", wrap.KeyId), ("wrapped by", wrap.WrappingKeyId),
    ];

    private static string Plaintext(long sealedLength) =>
        SealedHeader.TryPlaintextLength(sealedLength, out var length) ? $"{length} bytes" : "no plaintext gives this length: the file was cut or extended";
}
