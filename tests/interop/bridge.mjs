// The SDK's own stdio client in front of `countersign bridge NAME`: `bridge.mjs PROGRAM NAME COUNT TOOL [MS]`. Prints what so many
// calls at once come to, each result once; or the code of an error, and the line that it names or its message. After that time, if one is given,
// they are made again in the same session.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [program, name, count, tool, pause] = process.argv.slice(2);
const client = new Client({ name: "interop", version: "1" });
try {
  await client.connect(new StdioClientTransport({ command: program, args: ["bridge", name], env: process.env }));
  const { tools } = await client.listTools();
  if (!tools.some((one) => one.name === tool)) throw new Error(`no tool ${tool}`);
  const call = async () => {
    const calls = Array.from({ length: Number(count) }, () => client.callTool({ name: tool, arguments: {} }));
    const said = (await Promise.all(calls)).map((one) => one.content[0].text);
    console.log([...new Set(said)].join("\n"));
  };
  await call();
  if (pause) {
    await new Promise((done) => setTimeout(done, Number(pause)));
    await call();
  }
} catch (why) {
  console.log(`${why.code ?? ""} ${why.data?.command ?? why.message}`);
  process.exitCode = 1;
}
await client.close();
