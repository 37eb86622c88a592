// A SCIM service for tests: SCIMMY with its routers, on the loopback interface, in memory.
//
// It is told on its command line whether it has PATCH ("patch" or "no-patch"), answers with a line
// {"base_url": URL} on stdout, forgets all at POST /forget, and ends when stdin does. Unlike other services it has HTTP Basic,
// no ETags, and shows the groups of a user on the user.
import {createServer} from "node:http";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const [PATCH] = process.argv.slice(2);
const EXPECTED = "Basic " + Buffer.from("provisioner:a-password-of-scimmy").toString("base64");
const users = new Map();
const groups = new Map();
let nextId = 1;

function required(store, id) {
    const found = store.get(id);
    if (!found) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    return found;
}

function withGroups(user) {
    const of = [...groups.values()].filter(({members = []}) => members.some(({value}) => value === user.id));
    return {...user, groups: of.map(({id, displayName}) => ({value: id, display: displayName, type: "direct"}))};
}

function save(store, resource, data, name) {
    const taken = [...store.values()].some((each) =>
        each.id !== resource.id && each[name].toLowerCase() === data[name].toLowerCase());
    if (taken) throw new SCIMMY.Types.Error(409, "uniqueness", `${data[name]} is taken`);
    const id = resource.id ? required(store, resource.id).id : String(nextId++);
    const {meta, groups: _, ...kept} = JSON.parse(JSON.stringify(data));
    store.set(id, {...kept, id});
    return store.get(id);
}

SCIMMY.Resources.declare(SCIMMY.Resources.User)
    .ingress((resource, data) => withGroups(save(users, resource, data, "userName")))
    .egress((resource) => resource.id ? withGroups(required(users, resource.id)) : [...users.values()].map(withGroups))
    .degress((resource) => {
        users.delete(required(users, resource.id).id);
        for (const group of groups.values())
            group.members = (group.members ?? []).filter(({value}) => value !== resource.id);
    });
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser);
SCIMMY.Resources.declare(SCIMMY.Resources.Group)
    .ingress((resource, data) => save(groups, resource, data, "displayName"))
    .egress((resource) => resource.id ? required(groups, resource.id) : [...groups.values()])
    .degress((resource) => groups.delete(required(groups, resource.id).id));

const app = express();
app.post("/forget", (request, response) => {
    users.clear();
    groups.clear();
    response.status(204).end();
});
if (PATCH === "no-patch") app.patch(/.*/, (request, response) => response.status(501).json({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "501", detail: "no PATCH here"
}));
app.use("/scim", new SCIMMYRouters({
    type: "basic",
    handler: (request) => {
        if (request.header("Authorization") !== EXPECTED) throw new Error("wrong credential");
        return "provisioner";
    }
}));

const server = createServer(app);
server.listen(0, "127.0.0.1", () =>
    console.log(JSON.stringify({base_url: `http://127.0.0.1:${server.address().port}/scim`})));
process.stdin.resume().on("end", () => process.exit(0));
