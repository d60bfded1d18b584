using System.Text;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Matroska;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Tests.Harness;

/// <summary>Small files of every kind, and what is made of them to see whether readers stand it.</summary>
internal static class Corpus
{
    private static readonly string[] s_tone = ["-f", "lavfi", "-i", "sine=440:duration=0.2"];
    private static readonly string[] s_film = ["-f", "lavfi", "-i", "testsrc2=size=32x32:rate=5:duration=1", .. s_tone, "-c:v", "libx264", "-g", "2"];

    private static readonly (string Name, string[] Making)[] s_recipes =
    [
        ("end.mp4", s_film), ("bases.mp4", [.. s_film, "-movflags", "+frag_keyframe+empty_moov"]), ("dash.mp4", [.. s_film, "-movflags", "+dash+global_sidx"]),
        ("film.mov", [.. s_film, "-c:a", "pcm_s16le", "-timecode", "10:00:00:00"]), ("film.mkv", s_film), ("sound.mp3", [.. s_tone, "-metadata", "title=Weekly"]),
        ("sound.wav", s_tone), ("long.wav", [.. s_tone, "-rf64", "always"]), ("poster.png", ["-f", "lavfi", "-i", "testsrc2=size=32x32:duration=0.1", "-frames:v", "1"]),
        ("poster.jpg", ["-f", "lavfi", "-i", "testsrc2=size=32x32:duration=0.1", "-frames:v", "1"]),
    ];

    /// <summary>Each kind as ffmpeg writes it, and each once more with a mark in it.</summary>
    public static async Task<IReadOnlyList<byte[]>> MakeAsync(OutsideReaders readers, CancellationToken ct)
    {
        var files = new List<byte[]>();
        foreach (var (name, making) in s_recipes)
        {
            var file = await File.ReadAllBytesAsync(await readers.MakeAsync(name, ct, making), ct);
            files.AddRange([file, .. await MarkByAllAsync(file, ct)]);
        }

        return files;
    }

    /// <summary>A file with some bytes changed, cut out, doubled or set to what breaks sizes.</summary>
    public static byte[] Mutate(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (var count = random.Next(1, 8); count > 0 && bytes.Count > 8; count--)
        {
            // Heads and tables lie at the front and at the end.
            var at = random.Next(4) == 0 ? random.Next(bytes.Count - 4) : random.Next(2) == 0 ? random.Next(Math.Min(bytes.Count - 4, 512)) : bytes.Count - 4 - random.Next(Math.Min(bytes.Count - 4, 1024));
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 64)));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 64))));
                    break;
                case 3:
                    for (var i = 0; i < 4; i++)
                        bytes[at + i] = (byte)(random.Next(2) == 0 ? 0xFF : 0x7F);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Asks every reader and writer. What is written has one mark, ours, whatever came in.</summary>
    public static async Task ReadByAllAsync(byte[] file, CancellationToken ct)
    {
        var source = new MemorySource(file);
        await MarkByAllAsync(file, ct);
        await MatroskaCarrier.FindAsync(source, ct);
        if (FileKind.Of(file) is { } kind)
            await FileMarks.FindAsync(source, kind.MediaType, ct);
        foreach (var box in await Mp4LayoutReader.ManifestBoxesAsync(source, ct) ?? [])
            C2paReader.ReadBox(box);
        C2paReader.Read(file);
        XmpPacket.Read(file);
        VttCarrier.Write(Encoding.UTF8.GetString(file), UsageTag.NoTdm);
    }

    private static async Task<IReadOnlyList<byte[]>> MarkByAllAsync(byte[] file, CancellationToken ct)
    {
        var source = new MemorySource(file);
        var mark = new XmpMark(UsageTag.NoTdm);
        var files = new List<byte[]>();
        await AddAsync(await Id3Carrier.WriteAsync(source, mark, ct), marked => Id3Carrier.PacketsAsync(marked, ct));
        await AddAsync(await RiffCarrier.WriteAsync(source, mark, ct), marked => RiffCarrier.PacketsAsync(marked, ct));
        await AddAsync(await PngCarrier.WriteAsync(source, mark, ct), marked => PngCarrier.PacketsAsync(marked, ct));
        await AddAsync(await JpegCarrier.WriteAsync(source, mark, ct), marked => JpegCarrier.PacketsAsync(marked, ct));
        if ((await Mp4LayoutReader.ReadAsync(source, ct)).Layout is { } layout && Mp4Front.Write(mark, layout.Packet) is { } front)
            await AddAsync(layout.With(front), marked => Mp4LayoutReader.PacketsAsync(marked, ct));
        if (await MatroskaCarrier.WriteAsync(source, UsageTag.NoTdm, ct) is { } matroska)
        {
            files.Add(await matroska.ReadAllAsync(source, ct));
            Assert.Equal(PlusDataMining.Value(UsageTag.NoTdm), Assert.Single((await MatroskaCarrier.FindAsync(new MemorySource(files[^1]), ct))!).Value);
        }

        return files;

        async Task AddAsync(Splice? splice, Func<MemorySource, ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?>> read)
        {
            if (splice is null)
                return;
            files.Add(await splice.ReadAllAsync(source, ct));
            var packet = Assert.Single((await read(new MemorySource(files[^1])))!);
            Assert.Equal(PlusDataMining.Value(UsageTag.NoTdm), Assert.Single(XmpPacket.Read(packet)).Value);
        }
    }
}
