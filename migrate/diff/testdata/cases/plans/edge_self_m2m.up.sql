-- create "edge_self_friend_friends" table
CREATE TABLE "edge_self_friend_friends" (
  "edge_self_friend_id" bigint NOT NULL,
  "friend_id" bigint NOT NULL,
  CONSTRAINT "edge_self_friend_friends_pkey" PRIMARY KEY (edge_self_friend_id, friend_id),
  CONSTRAINT "edge_self_friend_friends_edge_self_friend_id" FOREIGN KEY (edge_self_friend_id) REFERENCES edge_self_friends(id) ON DELETE CASCADE,
  CONSTRAINT "edge_self_friend_friends_friend_id" FOREIGN KEY (friend_id) REFERENCES edge_self_friends(id) ON DELETE CASCADE
);
