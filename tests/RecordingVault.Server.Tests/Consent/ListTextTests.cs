using System.Diagnostics;
using System.Text;
using RecordingVault.Server.Features.Consent.Importing;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Playback.Captions;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>Lists of people as strangers write them: what is read, what is wrong at which line, and what is sent to do harm.</summary>
public sealed class ListTextTests
{
    [Theory]
    [InlineData("Ben Okafor <ben@example.com>", "Ben Okafor|ben@example.com")]
    [InlineData("Ben Okafor, ben@example.com", "Ben Okafor|ben@example.com")]
    [InlineData("Ben Okafor;ben@example.com", "Ben Okafor|ben@example.com")]
    [InlineData("Okafor, Ben", "Okafor, Ben|")]
    [InlineData("\uFEFF  Zoë  \r\n\r\nBen\r\n", "Zoë|;Ben|")]
    [InlineData("=HYPERLINK(\"http://a\")", "=HYPERLINK(\"http://a\")|")]
    public void Lines_that_were_pasted(string text, string expected) => Assert.Equal(expected, People(ParticipantSource.Pasted, text));

    [Theory]
    [InlineData("name,email\nBen,ben@example.com\n", "Ben|ben@example.com")]
    [InlineData("\uFEFFName;E-Mail\r\n\"Okafor; Ben\";ben@example.com\r\n", "Okafor; Ben|ben@example.com")]
    [InlineData("Vorname\tNachname\tE-Mail-Adresse\nZoë\tWeiß\t\n", "Zoë Weiß|")]
    [InlineData("Email,Name\n,\"Ben \"\"B\"\" Okafor\"\n,=1+1\n", "Ben \"B\" Okafor|;=1+1|")]
    [InlineData("First Name,Last Name\nBen,Okafor", "Ben Okafor|")]
    public void Tables(string text, string expected) => Assert.Equal(expected, People(ParticipantSource.Csv, text));

    [Fact]
    public void A_report_of_Zoom_with_its_head_and_columns_that_vary()
    {
        const string Report = "\uFEFFMeeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,\r\n824 0094,\"Weekly, sync\",11/20/2026 09:00,11/20/2026 10:00,host@example.com,60,3,\r\n\r\n"
            + "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording disclaimer response,In Waiting Room\r\n"
            + "Ana,ana@example.com,11/20/2026 09:00,11/20/2026 09:10,10,No,OK,No\r\nBen,,11/20/2026 09:00,11/20/2026 09:10,10,Yes,,No\r\nEve,,11/20/2026 09:00,11/20/2026 09:01,1,Yes,,Yes\r\n";

        var (list, problem) = ListText.Read(ParticipantSource.ZoomReport, Report);

        Assert.Null(problem);
        Assert.Empty(list!.Errors);
        Assert.Equal([new ImportedRow(5, "Ana", "ana@example.com", Agreed: true), new ImportedRow(6, "Ben", null)], list.Rows);
    }

    [Theory]
    [InlineData("Y", true)]
    [InlineData("yes", true)]
    [InlineData("", false)]
    [InlineData("N", false)]
    [InlineData("Maybe", false)]
    public void Of_a_report_only_what_was_accepted_counts_and_in_a_table_nothing(string answer, bool agreed)
    {
        var table = $"Name (Original Name),Recording Consent\nAna,{answer}\n";

        Assert.Equal(agreed, ListText.Read(ParticipantSource.ZoomReport, table).List!.Rows[0].Agreed);
        Assert.False(ListText.Read(ParticipantSource.Csv, table).List!.Rows[0].Agreed);
    }

    [Theory]
    [InlineData("pasted", "Ben\nZoë <zoe>\n", 2, "email")]
    [InlineData("pasted", "Ben\n\nzoe@example.com", 3, "name")]
    [InlineData("csv", "Name,Mail\nBen,ben@example.com\nZoë,nobody\n", 3, "Mail")]
    [InlineData("csv", "name,email\nBen,b@example.com\n\"Zoë,z@example.com\nEve,e@example.com\n", 3, "row")]
    [InlineData("csv", "name,email\nBen,b@example.com\nEve,\"e@example.com", 3, "row")]
    [InlineData("csv", "name,email\nBen \"B\" O,b@example.com\n", 2, "row")]
    [InlineData("csv", "who,where\nBen,there\n", 1, "name")]
    [InlineData("zoom-report", "<html>\nNot found\n", 1, "name")]
    [InlineData("bigbluebutton-events", "<html/>", 1, "events.xml")]
    [InlineData("bigbluebutton-events", "<recording>\n<event eventname=\"ParticipantJoinEvent\">\n<name>Ana</recording>", 3, "events.xml")]
    [InlineData("bigbluebutton-events", "<recording>\n<event eventname=\"ParticipantJoinEvent\"><name> </name></event></recording>", 2, "name")]
    public void What_is_wrong_is_told_with_line_and_column(string kind, string text, int line, string column)
    {
        var (list, problem) = ListText.Read(ConsentWords.Of(ListText.Kinds, kind)!.Value, text);

        Assert.Null(problem);
        Assert.Contains((line, column), list!.Errors.Select(error => (error.Line, error.Column)));
        Assert.All(list.Errors, error => Assert.EndsWith(".", error.Cure, StringComparison.Ordinal));
    }

    [Fact]
    public void A_quote_that_is_never_closed_swallows_no_other_row() =>
        Assert.Equal(["Ben", "Eve"], ListText.Read(ParticipantSource.Csv, "name,email\nBen,b@example.com\n\"Zoë,z@example.com\nEve,e@example.com\n").List!.Rows.Select(row => row.Name));

    [Fact]
    public void Who_joined_by_the_events_of_BigBlueButton_old_and_new()
    {
        const string Events = "<recording meeting_id=\"a\" bbb_version=\"2.7\">\n<metadata name=\"x\"/>\n<event timestamp=\"1\" module=\"PARTICIPANT\" eventname=\"ParticipantJoinEvent\"><userId>w_1</userId><name>Ana &amp; Co</name></event>\n"
            + "<event module=\"CHAT\" eventname=\"PublicChatEvent\"><sender>Ben</sender><name>Nobody</name></event><event eventname=\"ParticipantJoinEvent\"><name>Ben</name></event></recording>";

        Assert.Equal("Ana & Co|;Ben|", People(ParticipantSource.BigbluebuttonEvents, Events));
        Assert.Equal("Ana|", People(ParticipantSource.BigbluebuttonEvents, "<events><head><title>x</title></head><event eventname=\"ParticipantJoinEvent\"><name>Ana</name></event></events>"));
    }

    [Fact]
    public void A_billion_laughs_and_a_file_of_the_server_are_refused_before_anything_is_expanded()
    {
        var laughs = "<!DOCTYPE recording [<!ENTITY a \"ha\">" + string.Concat(Enumerable.Range(0, 20).Select(at => $"<!ENTITY a{at} \"{string.Concat(Enumerable.Repeat("&a;", 10))}\">")) + "]><recording>&a19;</recording>";
        const string File = "<!DOCTYPE recording [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><recording><event eventname=\"ParticipantJoinEvent\"><name>&x;</name></event></recording>";

        Assert.All([laughs, File], text => Assert.Equal("events.xml", Assert.Single(ListText.Read(ParticipantSource.BigbluebuttonEvents, text).List!.Errors).Column));
        Assert.All([laughs, File], text => Assert.Empty(ListText.Read(ParticipantSource.BigbluebuttonEvents, text).List!.Rows));
    }

    [Fact]
    public void Ten_thousand_rows_are_refused_and_ten_thousand_errors_are_not_listed()
    {
        var rows = string.Concat(Enumerable.Range(0, 10_001).Select(at => $"Person {at}\n"));
        var wrong = string.Concat(Enumerable.Range(0, 10_001).Select(at => $"Person {at} <x>\n"));

        Assert.Equal("text", ListText.Read(ParticipantSource.Pasted, rows).Problem?.Field);
        Assert.Equal("text", ListText.Read(ParticipantSource.Csv, "name\n" + rows).Problem?.Field);
        Assert.Equal(ImportedList.MostErrors, ListText.Read(ParticipantSource.Pasted, wrong).List!.Errors.Count);
        Assert.Equal(ImportedList.MostErrors, ListText.Read(ParticipantSource.Csv, "name,email\n" + wrong.Replace(" <x>", ",x", StringComparison.Ordinal)).List!.Errors.Count);
    }

    [Fact]
    public void Whatever_is_sent_is_read_or_refused_in_a_moment()
    {
        var random = new Random(7);
        string[] pieces = ["\"", ",", ";", "\t", "\n", "\r\n", "\r", "name", "<event eventname=\"ParticipantJoinEvent\">", "<name>", "</name>", "&#0;", "&lt;", "\ud800", "\u2028", "@", "<", ">", "Zoë", "<!--", "<![CDATA[", "]]>", "<?x ?>", " "];
        var texts = Enumerable.Range(0, 300).Select(_ => string.Concat(Enumerable.Range(0, 60).Select(_ => pieces[random.Next(pieces.Length)])))
            .Concat([new string('a', 4_000_000), new string('"', 1_000_001), "name\n" + new string(',', 1_000_000), "name\n\"" + new string('x', 2_000_000), "<recording>" + string.Concat(Enumerable.Repeat("<a>", 200_000)), new string('\n', 1_000_000) + "x <"]);
        var clock = Stopwatch.StartNew();

        foreach (var text in texts)
        {
            foreach (var kind in ListText.Kinds)
            {
                var (list, problem) = ListText.Read(kind, text);
                Assert.True(list is not null || problem is not null);
                Assert.All(list?.Rows ?? [], row => Assert.True(row.Name is { Length: > 0 and <= 200 } && !row.Name.Any(char.IsControl)));
                if (list is not null)
                    ImportPlan.Make(list, []);
            }
        }

        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Only_UTF_8_is_read()
    {
        Assert.Equal("Zoë", ListText.Decode("Zoë"u8).Text);
        Assert.Contains("UTF-8", ListText.Decode(Encoding.Latin1.GetBytes("Zoë")).Problem!.Title, StringComparison.Ordinal);
        Assert.Contains("UTF-8", ListText.Decode(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("Ben")).ToArray()).Problem!.Title, StringComparison.Ordinal);
        Assert.Contains("NUL", ListText.Read(ParticipantSource.Pasted, "B\0e\0n\0").Problem!.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, "a@example.com", true)]
    [InlineData(true, false, "a@example.com", true)]
    [InlineData(true, true, null, true)]
    [InlineData(true, false, null, false)]
    public void Joins_of_one_are_one_person_and_without_an_address_each_has_to_have_accepted(bool first, bool second, string? email, bool recorded)
    {
        var list = new ImportedList();
        list.Add(new ImportedRow(2, "Ana  Lind", email, first));
        list.Add(new ImportedRow(3, "ANA LIND", email?.ToUpperInvariant(), second));

        var plan = ImportPlan.Make(list, []);

        Assert.Equal([(ImportState.Add, recorded), (ImportState.Again, false)], plan.Rows.Select(row => (row.State, row.IsRecorded)));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("Requested", true)]
    [InlineData("Given", false)]
    [InlineData("Refused", false)]
    [InlineData("Withdrawn", false)]
    [InlineData("Expired", false)]
    [InlineData("NotNeeded", false)]
    public void What_is_on_record_is_not_gone_over(string? status, bool recorded)
    {
        var list = new ImportedList();
        list.Add(new ImportedRow(2, "Ana", "a@example.com", Agreed: true));
        var ana = new NamedPerson(Guid.NewGuid(), "ana", "A@example.com", status is null ? null : Enum.Parse<ConsentStatus>(status));

        var row = Assert.Single(ImportPlan.Make(list, [ana]).Rows);

        Assert.Equal((ImportState.There, (Guid?)ana.Id, recorded), (row.State, row.Person, row.IsRecorded));
        Assert.False(Assert.Single(ImportPlan.Make(list, [ana, ana with { Id = Guid.NewGuid() }]).Rows).IsRecorded);
    }

    [Fact]
    public void Speakers_of_captions_and_chat()
    {
        static string? Of(string? voice, string line) => SaidSpeakers.Speaker(new Cue(TimeSpan.Zero, TimeSpan.FromSeconds(1), voice, [line]));

        Assert.Equal(["Ben", "Ana Lind", null, null], new[] { Of("Ben", "Zoë: no."), Of(null, "Ana Lind: Good morning."), Of(null, "so: it is"), Of(null, "Good morning.") });
        Assert.Equal(["Ben", "Zoë"], SaidSpeakers.Senders("00:00:05\tBen:\tHello\r\nmore of it\r\n10:12:13 From  Zoë  to  Everyone:\n"));
    }

    private static string People(ParticipantSource kind, string text)
    {
        var (list, problem) = ListText.Read(kind, text);
        Assert.Null(problem);
        Assert.Empty(list!.Errors);
        return string.Join(';', list.Rows.Select(row => $"{row.Name}|{row.Email}"));
    }
}
